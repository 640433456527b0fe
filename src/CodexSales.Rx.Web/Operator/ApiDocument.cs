using CodexSales.Rx.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The description of the API, made from its code, and a page to try it.</summary>
internal static class ApiDocument
{
    private const string Name = "codexsales";
    private const string Path = $"{ApiPaths.Operator}/openapi.json";

    private static readonly Dictionary<string, (JsonSchemaType Type, string? Least, string? Most, string What)> _parameters = new()
    {
        ["count"] = (JsonSchemaType.Integer, "1", "1000", "How many at most; 100 where it is not given."),
        ["offset"] = (JsonSchemaType.Integer, "0", null, "How many to leave out."),
        ["before"] = (JsonSchemaType.Integer, "1", null, "Only what comes after this in the list: the \"next\" of the page before."),
        ["number"] = (JsonSchemaType.Integer, "1", null, "The number of the sale, or of the alert."),
        ["reason"] = (JsonSchemaType.String, null, null, "Only those that ended for this reason, such as paid."),
        ["availability"] = (JsonSchemaType.String, null, null, "Only those that held space of this one."),
        ["from"] = (JsonSchemaType.String, null, null, "Only those that ended then or later: Unix seconds, or ISO 8601."),
        ["to"] = (JsonSchemaType.String, null, null, "Only those that ended before that: Unix seconds, or ISO 8601."),
        ["format"] = (JsonSchemaType.String, null, null, "json or csv; where it is not given, what Accept wants."),
        ["inFlight"] = (JsonSchemaType.Boolean, null, null, "Whether only those that have not ended."),
        ["id"] = (JsonSchemaType.String, null, null, "The name of the availability."),
    };

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.ShouldInclude = description =>
            $"/{description.RelativePath}".StartsWith($"{ApiPaths.Operator}/", StringComparison.Ordinal);
        options.AddOperationTransformer((operation, context, _) =>
        {
            operation.OperationId ??= OperationId(context.Description.HttpMethod!, context.Description.RelativePath!);
            foreach (var parameter in operation.Parameters ?? [])
            {
                Describe((OpenApiParameter)parameter);
            }

            foreach (var (status, response) in operation.Responses ?? [])
            {
                response.Description = DescriptionOf(status, response.Description);
            }

            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "CodexSales",
                Version = "1",
                Description =
                    "Everything that a host of the Codex marketplace knows and can be told. Amounts are digits in strings, since most readers "
                    + "of JSON keep 53 bits; moments come as Unix seconds and as ISO 8601; errors are problem details (RFC 9457) whose detail "
                    + "names the field, what was wrong and what is expected. Where the host has a token, each request needs it as "
                    + "\"Authorization: Bearer TOKEN\".",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The token of the host." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, WriteAsync).ExcludeFromDescription();
        app.MapScalarApiReference($"{ApiPaths.Operator}/docs", options => options
                .WithTitle("CodexSales API")
                .WithOpenApiRoutePattern(Path)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideClientButton())
            .WithMetadata(new InlineScripts())
            .ExcludeFromDescription();
    }

    private static async Task WriteAsync(HttpContext context, [FromKeyedServices(Name)] IOpenApiDocumentProvider documents)
    {
        var document = await documents.GetOpenApiDocumentAsync(context.RequestAborted).ConfigureAwait(false);

        // Below whatever path a proxy serves it.
        document.Servers = [new OpenApiServer { Url = context.Request.PathBase.HasValue ? $"{context.Request.PathBase}" : "/" }];
        using var buffer = new MemoryStream();
        await document.SerializeAsJsonAsync(buffer, OpenApiSpecVersion.OpenApi3_1, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), context.RequestAborted).ConfigureAwait(false);
    }

    // "get /api/v1/availabilities/{id}" is getAvailabilitiesId.
    private static string OperationId(string method, string path) => string.Concat(path[(ApiPaths.Operator.Length)..]
        .Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Trim('{', '}'))
        .Select(part => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(part[..1]) + part[1..])
        .Prepend(method.ToLowerInvariant()));

    private static void Describe(OpenApiParameter parameter)
    {
        if (_parameters.TryGetValue(parameter.Name!, out var known))
        {
            parameter.Description = known.What;
            parameter.Schema = new OpenApiSchema { Type = known.Type, Minimum = known.Least, Maximum = known.Most };
        }
    }

    private static string DescriptionOf(string status, string? usual) => status switch
    {
        "200" or "201" => "Done.",
        "204" => "Done; there is nothing to tell.",
        "400" => "A field is wrong: the sentence names it. Nothing was changed.",
        "404" => "There is nothing of that name, or no store to read from.",
        "409" => "Something of that name is there, or in use. Nothing was changed.",
        "422" => "The books don't allow it: the sentence says why. Nothing was changed.",
        "503" => "The host has not started, or what it needs for an answer is away: try again.",
        _ => usual ?? status,
    };
}
