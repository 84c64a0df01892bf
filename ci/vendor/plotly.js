// The 2-D part of Plotly that every page loads.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import contour from "plotly.js/lib/contour";
import heatmap from "plotly.js/lib/heatmap";

Plotly.register([bar, contour, heatmap]); // scatter is part of the core

export default Plotly;
