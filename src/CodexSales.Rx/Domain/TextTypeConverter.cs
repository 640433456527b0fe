using System.ComponentModel;

namespace CodexSales.Rx.Domain;

/// <summary>Lets the configuration of .NET, which knows values as texts only, read a value of this library.</summary>
internal sealed class TextTypeConverter<T> : TypeConverter
    where T : ISpanParsable<T>
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? T.Parse(text, null) : base.ConvertFrom(context, culture, value);
}
