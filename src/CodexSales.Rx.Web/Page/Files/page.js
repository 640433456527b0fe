// The chosen look is told to the server by a cookie, so that the first picture has it already.
"use strict";
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
