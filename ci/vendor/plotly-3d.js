// The 3-D traces, loaded when a visitor first asks for them: Plotly.register((await import(…)).default).
import scatter3d from "plotly.js/lib/scatter3d";
import surface from "plotly.js/lib/surface";

export default [scatter3d, surface];
