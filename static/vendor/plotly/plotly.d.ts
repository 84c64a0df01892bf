/** The part of Plotly's interface that the pages use. */
export type TypedArraySpec = {dtype: string; bdata: string; shape?: string};
export type Trace = {type: string; [attribute: string]: unknown};
export type Layout = {[attribute: string]: unknown};
export type Config = {[option: string]: unknown};
export type Axis = {
  range: [number, number];
  /** Pixels from the left or top edge of the plot area, and back. */
  l2p(value: number): number;
  p2l(pixel: number): number;
  d2p(value: number): number;
  p2d(pixel: number): number;
  _length: number;
  _offset: number;
};

/** A div after `newPlot`. */
export type PlotDiv = HTMLElement & {
  data: Trace[];
  layout: Layout;
  _fullData: Trace[];
  _fullLayout: {
    xaxis: Axis;
    yaxis: Axis;
    _size: {l: number; r: number; t: number; b: number; w: number; h: number};
    [attribute: string]: any;
  };
  on(event: string, handler: (data: any) => void): PlotDiv;
  removeAllListeners(event?: string): PlotDiv;
};

type Target = string | HTMLElement;
type Indices = number | number[];
type Frame = {data?: object[]; traces?: number[]; layout?: object; name?: string};
type AnimationOptions = {
  mode?: "immediate" | "next" | "afterall";
  direction?: "forward" | "reverse";
  fromcurrent?: boolean;
  transition?: {duration?: number; easing?: string};
  frame?: {duration?: number; redraw?: boolean};
};
type ImageOptions = {
  format: "png" | "svg" | "jpeg" | "webp";
  width?: number | null;
  height?: number | null;
  scale?: number;
  filename?: string;
};

declare const Plotly: {
  version: string;
  register(modules: object | object[]): void;
  newPlot(target: Target, data: object[], layout?: object, config?: Config): Promise<PlotDiv>;
  react(target: Target, data: object[], layout?: object, config?: Config): Promise<PlotDiv>;
  restyle(target: Target, update: object, traces?: Indices): Promise<PlotDiv>;
  relayout(target: Target, update: object): Promise<PlotDiv>;
  update(target: Target, style: object, layout?: object, traces?: Indices): Promise<PlotDiv>;
  /** A call that a later one supersedes rejects with `undefined`. */
  animate(target: Target, frame: Frame | Frame[] | null, options?: AnimationOptions): Promise<void>;
  addTraces(target: Target, traces: object | object[], indices?: Indices): Promise<PlotDiv>;
  deleteTraces(target: Target, indices: Indices): Promise<PlotDiv>;
  redraw(target: Target): Promise<PlotDiv>;
  purge(target: Target): void;
  toImage(target: Target, options: ImageOptions): Promise<string>;
  downloadImage(target: Target, options: ImageOptions): Promise<string>;
  setPlotConfig(config: Config): void;
  Plots: {resize(target: Target): Promise<void>};
  Icons: {[name: string]: object};
};
export default Plotly;
