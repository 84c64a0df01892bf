// Runs before anything is painted: the theme that the visitor chose, if any. Not a module, which would come too late.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme will do.
}
