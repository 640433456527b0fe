// What the page does without the server: the chosen look, and waiting for a node that is away.
"use strict";

// The chosen look is told to the server by a cookie, so that the first picture has it already.
window.codexSales = {
  system: () => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  keep: (choice) => {
    const path = new URL(document.baseURI).pathname;
    document.cookie = `codexsales-look=${choice === "system" ? codexSales.system() : choice}; path=${path}; max-age=31536000; samesite=strict`;
    choice === "system" ? localStorage.removeItem("codexsales-look") : localStorage.setItem("codexsales-look", choice);
    return codexSales.isDark();
  },
  choice: () => localStorage.getItem("codexsales-look") ?? "system",
  isDark: () => (codexSales.choice() === "system" ? codexSales.system() : codexSales.choice()) === "dark",
};
codexSales.keep(codexSales.choice());

// A node that does not answer: the page says so, keeps what it shows, and goes on by itself.
(() => {
  const script = document.currentScript.src;
  const longest = 5000;

  const moment = (tries) => new Promise((due) => {
    const end = () => (clearTimeout(timer), document.removeEventListener("visibilitychange", look), removeEventListener("online", end), due());
    const look = () => document.visibilityState === "visible" && end();
    const timer = setTimeout(end, Math.min(longest, 500 * (tries + 1)));
    document.addEventListener("visibilitychange", look);
    addEventListener("online", end);
  });

  // A proxy that answers in its place is not the node, which names this header in all that it says.
  const answer = async () => {
    try {
      const said = await fetch(script, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(longest) });
      return said.headers.has("Content-Security-Policy") && said.status < 500 ? said : null;
    } catch {
      return null;
    }
  };

  // Whether the page goes on where it was. Another start of the node, another version or another token want it anew.
  const goesOn = async () => {
    for (let tries = 0; ; tries++) {
      await moment(tries);
      const said = await answer();
      if (said !== null) {
        try {
          return said.ok && await Blazor.reconnect();
        } catch {
          if (await answer() !== null) {
            return false;
          }
        }
      }
    }
  };

  let isAway = false;
  const connection = {
    onConnectionDown: async () => {
      if (isAway) {
        return;
      }

      isAway = true;
      const sign = document.getElementById("away");
      const others = [...document.body.children].filter((part) => part !== sign);
      const [focused, title] = [document.activeElement, document.title];
      sign.querySelector("time").textContent = new Date().toLocaleTimeString();
      sign.hidden = false;
      document.title = `Away – ${title}`;
      others.forEach((part) => part.inert = true);
      if (!await goesOn()) {
        location.reload();
        return;
      }

      others.forEach((part) => part.inert = false);
      focused?.focus();
      document.title = title;
      sign.hidden = true;
      document.getElementById("blazor-error-ui").style.display = ""; // A line that broke while it was taken up is no fault of the page.
      isAway = false;
    },
    onConnectionUp: () => { },
  };
  addEventListener("DOMContentLoaded", () => Blazor.start({ circuit: { reconnectionHandler: connection } }));
})();
