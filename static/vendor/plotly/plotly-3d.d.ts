/** The traces `scatter3d` and `surface`, for `Plotly.register`. */
declare const traces: object[];
export default traces;
