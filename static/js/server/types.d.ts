// The types of the API's answers, once their arrays are decoded. Written by `make types` from the dataclasses in app/.

import type {Tensor} from "../wire.js";

/** A running average; row t is after t values. */
export interface AverageAnswer {
  /** As links name it: `ema` or `mean`. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** The values in force: `beta` and `debias`, or `window`. */
  hyperparameters: {[name: string]: number | boolean};
  /** The average; nan where no value has been seen. Shape (rows). */
  value: Tensor;
  /** At row t, the value seen k steps ago weighs `weights[k] / kept[t]`, for k < t. Shape (lags). */
  weights: Tensor;
  /** What the weights given out so far add up to, where the average is divided by it; else 1. Shape (rows). */
  kept: Tensor;
  /** What the initial value weighs. Shape (rows). */
  start_weight: Tensor;
  /** Over how many steps it averages: 1/(1 − β), or w. */
  window: number;
  /** How many numbers it must keep from one step to the next. */
  stores: number;
  /** Root mean square distance from `signal`, rows 1 to the last. */
  error: number;
  /** What it stores, or what its initial value still weighs, in words. */
  sentence: string;
}

/** A noisy series, and up to four running averages of it; row t is after t values. */
export interface AveragesAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** The values with noise; row 0 is nan. Shape (rows). */
  observed: Tensor;
  /** The values without noise; row 0 is nan. Shape (rows). */
  signal: Tensor;
  /** In the order of the link. */
  averages: AverageAnswer[];
  /** What the shared β means, in words. */
  sentence: string;
  /** A query of `/descent`: the first steps of Adam with this β, corrected and not. */
  adam: string;
}

/** Quantiles of `best` over all repetitions, after each run; null is infinite. */
export interface Bands {
  /** 10 %. */
  low: (number | null)[];
  /** The median. */
  middle: (number | null)[];
  /** 90 %. */
  high: (number | null)[];
}

/** One batch beside all rows, at the point before its update. */
export interface BatchAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** Which update, from 0. */
  update: number;
  /** The epoch that it belongs to, from 0. */
  epoch: number;
  /** Which run, from 1. */
  which: number;
  /** Rows of a batch, unless fewer are left. */
  batch: number;
  /** Which training rows are in it. Shape (rows). */
  rows: Tensor;
  /** The point before the update. Shape (2). */
  at: Tensor;
  /** The loss of the batch there. */
  batch_loss: number;
  /** The loss of all training rows there. */
  loss: number;
  /** The gradient of the batch there. Shape (2). */
  batch_gradient: Tensor;
  /** The gradient of all training rows there. Shape (2). */
  gradient: Tensor;
  /** The surface of this batch alone. */
  grid: BatchGrid;
}

/** The loss of one batch on a grid: `loss[j, i]` is at `(x[i], y[j])`. */
export interface BatchGrid {
  /** The ends of x, then of y. */
  view: [[number, number], [number, number]];
  /** Evenly spaced. Shape (columns). */
  x: Tensor;
  /** Evenly spaced. Shape (rows). */
  y: Tensor;
  /** Of the batch's rows. Shape (rows, columns). */
  loss: Tensor;
}

/** How far the gradient of a batch is from that of all rows, root mean square, by the size of the batch. */
export interface BatchNoise {
  /** Rows of a batch. Shape (sizes). */
  batch_sizes: Tensor;
  /** σ/√B · √((n − B)/(n − 1)), from the spread of the rows' gradients. Shape (sizes). */
  predicted: Tensor;
  /** Over batches that were drawn. Shape (sizes). */
  measured: Tensor;
  /** The point where the gradients were taken. */
  at: [number, number];
}

/** A run: row k is the state before update k, `loss` and `gap` are of all training rows. */
export interface BatchRun {
  /** As links name it. */
  optimizer: string;
  /** In the language of the request. */
  title: string;
  /** The values in force: the run's own, those of the shared sliders, or the optimizer's defaults. */
  hyperparameters: {[name: string]: number | boolean | string};
  /** Null for a run that begins at the start. */
  fork: ForkFacts | null;
  /** What became of it. */
  outcome: "moving" | "converged" | "stuck" | "unbounded" | "diverged";
  /** Why, in words. */
  sentence: string;
  /** The shape of the path. */
  shape: "zig-zag" | "straight" | "curved";
  /** The first row from which the loss stays at its last value, to a millionth; null unless it converged. */
  converged_at: number | null;
  /** The first row that is beyond all bounds; null unless it diverged. */
  diverged_at: number | null;
  /** The first row from which the run stays within the tolerance; null if it never does. */
  reached_at: number | null;
  /** The first row outside the view; null if all lie inside. */
  left_view_at: number | null;
  /** The points that were visited. Shape (rows, 2). */
  params: Tensor;
  /** The loss at each of them. Shape (rows). */
  loss: Tensor;
  /** The loss minus the lowest, computed in 64 bits. Shape (rows). */
  gap: Tensor;
  /** The gradient at each point; with `fields=grads`. Shape (rows, 2). */
  grads?: Tensor;
  /** What each update adds to the point; with `fields=updates`. Shape (rows, 2). */
  updates?: Tensor;
  /** The learning rate of each update, null for an optimizer without one; with `fields=learning_rate`. */
  learning_rate?: Tensor | null;
  /** What the optimizer keeps and shows, by name, at each update; with `fields=state`. */
  state?: {[name: string]: Tensor};
  /** Rows of a batch. */
  batch: number;
  /** How many updates were made. */
  update_count: number;
  /** ⌈n/B⌉. */
  updates_per_epoch: number;
  /** ⌈n/B⌉ · ⌈B/P⌉, in passes of a machine that takes P rows at once. */
  time_per_epoch: number;
  /** What the batch of each update said of the loss. Shape (updates). */
  batch_loss: Tensor;
  /** The loss of all training rows before the first epoch and after each. Shape (epochs). */
  epoch_loss: Tensor;
  /** That of the rows held out; null if there are none. */
  test_loss: Tensor | null;
}

/** Runs that see a few rows an update. */
export interface BatchesAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** The loss of all training rows. */
  surface: SurfaceFacts;
  /** What the figure shows, in one line. */
  takeaway: string;
  /** What is allowed but may surprise, a sentence each. */
  notes: string[];
  /** How many rows train. */
  n: number;
  /** How many are held out. */
  n_test: number;
  /** How often all rows are seen. */
  epochs: number;
  /** P, the rows that the machine takes at once. */
  parallel: number;
  /** The time of an epoch. */
  time_formula: string;
  /** How noisy gradients are at the start. */
  noise: BatchNoise;
  /** In the order of the link. */
  runs: BatchRun[];
}

/** Every critical point in view, and the one looked at. */
export interface CriticalAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** What is searched. */
  surface: CriticalSurface;
  /** What was found, in one line. */
  takeaway: string;
  /** What is allowed but may surprise, a sentence each. */
  notes: string[];
  /** How many points were found, those that are not listed included. */
  found: number;
  /** How many there are of each kind. */
  counts: {[name: string]: number};
  /** The lowest first. */
  points: CriticalPoint[];
  /** Valleys, ridges and the like along which the gradient is zero. */
  curves: CriticalCurve[];
  /** Where gradient and curvature hardly change the loss. */
  areas: FlatArea[];
  /** Lowest points without a gradient. */
  kinks: Kink[];
  /** The one asked for, else the lowest saddle. */
  point: PointLookedAt;
}

/** A curve of points with zero gradient. */
export interface CriticalCurve {
  /** Along the curve. Shape (points, 2). */
  points: Tensor;
  /** Whether the last point is joined to the first. */
  is_closed: boolean;
  /** The loss along it. */
  loss: number;
  /** An eigenvalue is zero. */
  kind: "degenerate";
  /** Of the Hessian in the middle of it, the smaller first. */
  eigenvalues: [number, number];
}

/** A point with zero gradient. */
export interface CriticalPoint {
  /** x and y. */
  at: [number, number];
  /** The loss there. */
  loss: number;
  /** What the eigenvalues say it is. */
  kind: "minimum" | "maximum" | "saddle" | "degenerate";
  /** Of the Hessian, the smaller first. */
  eigenvalues: [number, number];
}

/** The surface, penalty included, and where it is looked at. */
export interface CriticalSurface {
  /** As links name it. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** The loss, in LaTeX. */
  formula: string;
  /** The names of x and y. */
  axes: [string, string];
  /** The usual rectangle: the ends of x, then of y. */
  domain: [[number, number], [number, number]];
  /** The rectangle that is searched: the ends of x, then of y. */
  view: [[number, number], [number, number]];
  /** The lowest known loss. */
  lowest: number;
  /** Whether the Hessian is the same everywhere. */
  is_quadratic: boolean;
}

/** Both eigenvalues of the Hessian on a grid: `smallest[j, i]` is at `(x[i], y[j])`. */
export interface CurvatureAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** The ends of x, then of y. */
  view: [[number, number], [number, number]];
  /** Evenly spaced. Shape (columns). */
  x: Tensor;
  /** Evenly spaced. Shape (rows). */
  y: Tensor;
  /** The smaller eigenvalue. Shape (rows, columns). */
  smallest: Tensor;
  /** The larger eigenvalue. Shape (rows, columns). */
  largest: Tensor;
}

/** A race over a loss surface. */
export interface DescentAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** What is descended. */
  surface: SurfaceFacts;
  /** What the figure shows, in one line. */
  takeaway: string;
  /** What is allowed but may surprise, a sentence each. */
  notes: string[];
  /** In the order of the link. */
  runs: RunAnswer[];
  /** How many values `/api/ladder` would answer of this race at once. */
  ladder: number;
}

/** Runs that leave a saddle or a maximum. */
export interface EscapeAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** Null where the view holds nothing to escape from. */
  origin: EscapeOrigin | null;
  /** A run has left where it is farther away than this; absent without an origin, as are the next four. */
  radius?: number;
  /** Of all runs. */
  learning_rate?: number;
  /** 2/λ₂, above which the larger eigenvalue makes runs unstable; null where it is not positive. */
  limit?: number | null;
  /** The factor by which each step multiplies the distance along the direction of descent. */
  growth?: number;
  /** Of the gradient along `down` that the smaller eigenvalue predicts at the radius, relative to it. */
  model_error?: number;
  /** What the runs show, in words. */
  sentence: string;
  /** Empty without an origin. */
  runs: EscapeRun[];
}

/** The saddle or maximum that the runs leave. */
export interface EscapeOrigin {
  /** x and y. */
  at: [number, number];
  /** The loss there. */
  loss: number;
  /** What the eigenvalues say it is. */
  kind: "minimum" | "maximum" | "saddle" | "degenerate";
  /** Of the Hessian, the smaller first. */
  eigenvalues: [number, number];
  /** The eigenvector of the smaller eigenvalue. */
  down: [number, number];
  /** The eigenvector of the larger eigenvalue. */
  up: [number, number];
}

/** A run that begins at or beside the critical point. */
export interface EscapeRun {
  /** Where it begins, in a word: `exact`, `stable`, `offset` and so on. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** The points that were visited. Shape (rows, 2). */
  params: Tensor;
  /** From the critical point. Shape (rows). */
  distance: Tensor;
  /** The first step farther away than the radius; null if it never gets there. */
  left_at: number | null;
  /** That step as the second-order model predicts it; null where it predicts none. */
  predicted: number | null;
  /** How that is computed, in words. */
  formula: string;
  /** What became of the run, in words. */
  sentence: string;
}

/** The second-order model at one point. */
export interface ExpansionAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** The one asked for. */
  point: PointLookedAt;
}

/** What some rows look like, feature by feature. */
export interface FeatureSummary {
  /** How many rows there are. */
  count: number;
  /** Of each feature. */
  mean: [number, number];
  /** The standard deviation of each feature, of the population. */
  deviation: [number, number];
  /** The lowest value of each feature. */
  low: [number, number];
  /** The highest value of each feature. */
  high: [number, number];
}

/** The weights at the minimum, and the errors that they make. */
export interface FittedModel {
  /** w₁, w₂ and b for the scaled features. */
  weights: [number, number, number];
  /** w₁, w₂ and b for the raw features; null where rows have factors of their own. */
  raw_weights: [number, number, number] | null;
  /** ½ of the mean squared error of the training rows. */
  train_loss: number;
  /** ½ of the mean squared error of the test rows; null if there are none. */
  test_loss: number | null;
}

/** A part of the view where gradient and curvature hardly change the loss. */
export interface FlatArea {
  /** A point in its middle. */
  at: [number, number];
  /** Of the view, from 0 to 1. */
  share: number;
  /** The loss there. */
  loss: number;
  /** What it is, in words. */
  sentence: string;
}

/** Where a fork leaves another run. */
export interface ForkFacts {
  /** The number of that run, from 1. */
  run: number;
  /** The first step that is the fork's own. */
  step: number;
}

/** A loss on a grid: `loss[j, i]` is at `(x[i], y[j])`. */
export interface GridAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** The ends of x, then of y. */
  view: [[number, number], [number, number]];
  /** Evenly spaced. Shape (columns). */
  x: Tensor;
  /** Evenly spaced. Shape (rows). */
  y: Tensor;
  /** Penalty included. Shape (rows, columns). */
  loss: Tensor;
  /** The loss minus the lowest. Shape (rows, columns). */
  gap: Tensor;
  /** The lowest known loss. */
  lowest: number;
}

/** The port is open. */
export interface Health {
  /** Always `ok`. */
  status: string;
  /** The version of the server. */
  version: string;
}

/** What becomes of the test if the scaler sees the test rows. */
export interface HeldOut {
  /** The test loss at the minimum with a scaler fitted on the training rows. */
  honest_loss: number;
  /** The same with a scaler fitted on all rows. */
  leaking_loss: number;
  /** How many rows are held out. */
  count: number;
  /** How many of them lie outside the range of the training rows. */
  outside: number;
}

/** The curvature of a quadratic surface, which is the same everywhere. */
export interface HessianFacts {
  /** The condition number λ_max/λ_min; null where a direction is flat. */
  kappa: number | null;
  /** λ_min and λ_max. */
  eigenvalues: [number, number];
  /** Gradient descent is stable below this learning rate, 2/λ_max; null where λ_max is not positive. */
  max_learning_rate: number | null;
}

/** A lowest point without a gradient. */
export interface Kink {
  /** x and y. */
  at: [number, number];
}

/** The same race for many values of one number. */
export interface LadderAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** The number that varies. */
  vary: string;
  /** Its values, one a rung. */
  values: number[];
  /** How many values may be asked for at once. */
  ladder: number;
  /** `params[i, j, k]` is row k of run j for value i. Shape (rungs, runs, rows, 2). */
  params: Tensor;
  /** The loss minus the rung's own lowest. Shape (rungs, runs, rows). */
  gap: Tensor;
  /** What else each race answers. */
  rungs: Rung[];
}

/** A side of a map. */
export interface MapAxis {
  /** The number that varies along it, as the key `map` names it. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** Its symbol, or nothing. */
  symbol: string;
  /** The scale on which the values are even. */
  scale: "linear" | "log" | "one_minus_log";
  /** One a column, or a row. */
  values: number[];
}

/** Each line after the first: some of the cells, every n-th of each side first. */
export interface MapBlock {
  /** Each cell stands for so many a side until those between them come. */
  stride: number;
  /** Row × columns + column of each cell. Shape (cells). */
  at: Tensor;
  /** What became of each run, an index into `kinds`. Shape (cells). */
  kind: Tensor;
  /** Its loss at the end minus the lowest. Shape (cells). */
  gap: Tensor;
  /** The step from which it stays within the tolerance; −1 if it never does. Shape (cells). */
  reached: Tensor;
  /** The step at which it diverged; −1 if it did not. Shape (cells). */
  gone: Tensor;
  /** Of a map of basins: the point at which each run has come to rest, an index into `points`. Shape (cells). */
  end?: Tensor;
  /** Of a map of basins: 1 where the run still moves after all steps, and so has no end yet, else 0. Shape (cells). */
  unfinished?: Tensor;
  /** Of a map of basins: the step from which it stays there. Shape (cells). */
  settled?: Tensor;
  /** How many cells have been answered so far. */
  done: number;
  /** A guess of the time that the rest will take; null in the first block. */
  seconds_left: number | null;
}

/** The first line: what the map is over. */
export interface MapHead {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** The x-axis. */
  x: MapAxis;
  /** The y-axis. */
  y: MapAxis;
  /** The number of the run that is repeated, from 1. */
  run: number;
  /** Its optimizer, in the language of the request. */
  title: string;
  /** The outcomes; `kind` of a cell is an index into them. */
  kinds: string[];
  /** Of a map of basins: the critical points in view; `end` of a cell is an index into them. */
  points: MapPoint[];
  /** What `end` says of a run that rests at none of them. */
  elsewhere: number;
  /** x and y of the points where theory says that runs become unstable; null where it does not say. */
  edge: number[][] | null;
  /** How many cells a side has at most. */
  side: number;
  /** Of each run. */
  steps: number;
  /** What is allowed but may surprise, a sentence each. */
  notes: string[];
  /** How many cells all lines have together. */
  cells: number;
}

/** A critical point in which runs may end. */
export interface MapPoint {
  /** x and y. */
  at: [number, number];
  /** The loss there. */
  loss: number;
  /** What the eigenvalues say it is. */
  kind: "minimum" | "maximum" | "saddle" | "degenerate";
  /** Of the Hessian, the smaller first. */
  eigenvalues: [number, number];
}

/** A lowest point of the surface. */
export interface Minimum {
  /** x and y. */
  at: [number, number];
  /** The loss there. */
  loss: number;
}

/** Loss, gradient and Hessian eigenvalues of a small network while it trains. */
export interface NetworkAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** How many weights it has. */
  parameters: number;
  /** Before each step. Shape (steps). */
  loss: Tensor;
  /** The steps at which the Hessian was computed. */
  stages: number[];
  /** The norm of the gradient at each stage. Shape (stages). */
  slope: Tensor;
  /** The share of positive eigenvalues at each stage. Shape (stages). */
  ratio: Tensor;
  /** All of them at each stage. Shape (stages, parameters). */
  eigenvalues: Tensor;
  /** What they show, in words. */
  sentence: string;
}

/** The second-order model at one point. */
export interface PointLookedAt {
  /** x and y. */
  at: [number, number];
  /** The loss there. */
  loss: number;
  /** The gradient; null where it is not finite, or does not exist. */
  grads: [number | null, number | null];
  /** Two rows of two; null where it is not finite, or does not exist. */
  hessian: ((number | null)[])[];
  /** Of the Hessian, the smaller first. */
  eigenvalues: [number | null, number | null];
  /** One a row, in the order of the eigenvalues. */
  eigenvectors: number[][];
  /** What the derivatives say it is; `slope` where the gradient is not zero, `kink` where there is none. */
  kind: "minimum" | "maximum" | "saddle" | "degenerate" | "flat" | "slope" | "kink";
  /** Where the model itself has zero gradient: the end of Newton's step; null where it has no such point. */
  stationary: [number, number] | null;
  /** What the derivatives say of the point, in words. */
  sentence: string;
}

/** How a point of the plot is turned into raw units: x = center + matrix · x'. */
export interface RawMap {
  /** Two rows of two. */
  matrix: [[number, number], [number, number]];
  /** In raw units. */
  center: [number, number];
}

/** Whether the programs of the presets are compiled. */
export interface Ready {
  /** What a class opens first answers at once; the status is 200 then, else 503. */
  is_ready: boolean;
  /** What visitors will probably need next does, too. */
  is_warm: boolean;
  /** What could not be compiled, and why; the server's log says more. */
  failed: string[];
}

/** Why a request was refused. */
export interface Refusal {
  /** One sentence that names the thing, the value and what was expected. */
  detail: string;
}

/** The rows, as far scaled as `morph` says; the outlier, if there is one, is the last. */
export interface RowsAnswer {
  /** Two features and the target. */
  names: [string, string, string];
  /** What the scaled features are called. */
  axes: [string, string];
  /** Of the scaled training rows. */
  mean: [number, number];
  /** Of the scaled training rows, divided by their number. */
  covariance: [[number, number], [number, number]];
  /** The scaled features. Shape (rows, 2). */
  rows: Tensor;
  /** The target of each row. Shape (rows). */
  targets: Tensor;
  /** 1 for a row that is held out, else 0. Shape (rows). */
  is_test: Tensor;
  /** Whether the last row is the outlier. */
  has_outlier: boolean;
  /** Null where scaled rows cannot be turned back. */
  back: RawMap | null;
}

/** The training rows or the test rows, raw and scaled. */
export interface RowsSummary {
  /** Which rows. */
  rows: "train" | "test";
  /** How many there are. */
  count: number;
  /** In their own units. */
  raw: FeatureSummary;
  /** As far scaled as `morph` says. */
  scaled: FeatureSummary;
}

/** A run: row k is the state before update k. */
export interface RunAnswer {
  /** As links name it. */
  optimizer: string;
  /** In the language of the request. */
  title: string;
  /** The values in force: the run's own, those of the shared sliders, or the optimizer's defaults. */
  hyperparameters: {[name: string]: number | boolean | string};
  /** Null for a run that begins at the start. */
  fork: ForkFacts | null;
  /** What became of it. */
  outcome: "moving" | "converged" | "stuck" | "unbounded" | "diverged";
  /** Why, in words. */
  sentence: string;
  /** The shape of the path. */
  shape: "zig-zag" | "straight" | "curved";
  /** The first row from which the loss stays at its last value, to a millionth; null unless it converged. */
  converged_at: number | null;
  /** The first row that is beyond all bounds; null unless it diverged. */
  diverged_at: number | null;
  /** The first row from which the run stays within the tolerance; null if it never does. */
  reached_at: number | null;
  /** The first row outside the view; null if all lie inside. */
  left_view_at: number | null;
  /** The points that were visited. Shape (rows, 2). */
  params: Tensor;
  /** The loss at each of them. Shape (rows). */
  loss: Tensor;
  /** The loss minus the lowest, computed in 64 bits. Shape (rows). */
  gap: Tensor;
  /** The gradient at each point; with `fields=grads`. Shape (rows, 2). */
  grads?: Tensor;
  /** What each update adds to the point; with `fields=updates`. Shape (rows, 2). */
  updates?: Tensor;
  /** The learning rate of each update, null for an optimizer without one; with `fields=learning_rate`. */
  learning_rate?: Tensor | null;
  /** What the optimizer keeps and shows, by name, at each update; with `fields=state`. */
  state?: {[name: string]: Tensor};
}

/** A run without its path: its optimizer, the values in force, and what became of it. */
export interface RunFacts {
  /** As links name it. */
  optimizer: string;
  /** In the language of the request. */
  title: string;
  /** The values in force: the run's own, those of the shared sliders, or the optimizer's defaults. */
  hyperparameters: {[name: string]: number | boolean | string};
  /** Null for a run that begins at the start. */
  fork: ForkFacts | null;
  /** What became of it. */
  outcome: "moving" | "converged" | "stuck" | "unbounded" | "diverged";
  /** Why, in words. */
  sentence: string;
  /** The shape of the path. */
  shape: "zig-zag" | "straight" | "curved";
  /** The first row from which the loss stays at its last value, to a millionth; null unless it converged. */
  converged_at: number | null;
  /** The first row that is beyond all bounds; null unless it diverged. */
  diverged_at: number | null;
  /** The first row from which the run stays within the tolerance; null if it never does. */
  reached_at: number | null;
  /** The first row outside the view; null if all lie inside. */
  left_view_at: number | null;
}

/** The race of one value, without its paths. */
export interface Rung {
  /** The link of that race. */
  query: string;
  /** Null where it is that of the first rung. */
  surface: SurfaceFacts | null;
  /** What the figure shows, in one line. */
  takeaway: string;
  /** What is allowed but may surprise, a sentence each. */
  notes: string[];
  /** In the order of the link. */
  runs: RunFacts[];
}

/** Runs in the order in which they are made; null is infinite: the run failed. */
export interface Samples {
  /** The first number of each. */
  x: number[];
  /** The second number of each. */
  y: number[];
  /** What is sought, the lower the better. */
  value: (number | null)[];
  /** The loss at the end minus the lowest. */
  gap: (number | null)[];
  /** The outcome, an index into `kinds`. */
  kind: number[];
  /** The step from which the run stays within the tolerance; −1 if it never does. */
  reached: number[];
  /** The lowest value after each run. */
  best: (number | null)[];
}

/** What one scaler, with its default values, makes of the loss. */
export interface ScalerRow {
  /** As links name it. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** The condition number; null where a direction is flat. */
  kappa: number | null;
  /** 2/λ_max; null where the loss is flat. */
  max_learning_rate: number | null;
  /** The standard deviation of each scaled feature over the training rows, without the outlier. */
  spread: [number, number];
  /** The condition number of the ordinary rows; null without an outlier. */
  kappa_without_outlier: number | null;
  /** Their spread; null without an outlier. */
  spread_without_outlier: [number, number] | null;
}

/** A race on the surface that scaled rows make, and those rows. */
export interface ScalingAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** What is descended. */
  surface: SurfaceFacts;
  /** What the figure shows, in one line. */
  takeaway: string;
  /** What is allowed but may surprise, a sentence each. */
  notes: string[];
  /** In the order of the link. */
  runs: ScalingRun[];
  /** The rows. */
  data: RowsAnswer;
  /** The training rows, and the test rows if there are any. */
  summaries: RowsSummary[];
  /** The best model. */
  fitted: FittedModel;
  /** What every scaler makes of the same rows. */
  scalers: ScalerRow[];
  /** Null where no rows are held out, or the scaler learns nothing from rows. */
  held_out: HeldOut | null;
  /** What fitting the scaler on all rows has changed, or would change, in words. */
  leak: string;
}

/** A run: row k is the state before update k. */
export interface ScalingRun {
  /** As links name it. */
  optimizer: string;
  /** In the language of the request. */
  title: string;
  /** The values in force: the run's own, those of the shared sliders, or the optimizer's defaults. */
  hyperparameters: {[name: string]: number | boolean | string};
  /** Null for a run that begins at the start. */
  fork: ForkFacts | null;
  /** What became of it. */
  outcome: "moving" | "converged" | "stuck" | "unbounded" | "diverged";
  /** Why, in words. */
  sentence: string;
  /** The shape of the path. */
  shape: "zig-zag" | "straight" | "curved";
  /** The first row from which the loss stays at its last value, to a millionth; null unless it converged. */
  converged_at: number | null;
  /** The first row that is beyond all bounds; null unless it diverged. */
  diverged_at: number | null;
  /** The first row from which the run stays within the tolerance; null if it never does. */
  reached_at: number | null;
  /** The first row outside the view; null if all lie inside. */
  left_view_at: number | null;
  /** The points that were visited. Shape (rows, 2). */
  params: Tensor;
  /** The loss at each of them. Shape (rows). */
  loss: Tensor;
  /** The loss minus the lowest, computed in 64 bits. Shape (rows). */
  gap: Tensor;
  /** The gradient at each point; with `fields=grads`. Shape (rows, 2). */
  grads?: Tensor;
  /** What each update adds to the point; with `fields=updates`. Shape (rows, 2). */
  updates?: Tensor;
  /** The learning rate of each update, null for an optimizer without one; with `fields=learning_rate`. */
  learning_rate?: Tensor | null;
  /** What the optimizer keeps and shows, by name, at each update; with `fields=state`. */
  state?: {[name: string]: Tensor};
  /** w₁, w₂ and b for the scaled features. Shape (rows, 3). */
  weights: Tensor;
  /** w₁, w₂ and b of the same predictions from the raw features; null where rows have factors of their own. */
  raw_weights: Tensor | null;
  /** ½ of the mean squared error of the test rows; null if there are none. */
  test_loss: Tensor | null;
}

/** A search for the best two numbers of a run, and what many repetitions of it find. */
export interface SearchAnswer {
  /** The canonical link of what was asked. */
  query: string;
  /** The version of the server. */
  version: string;
  /** What was tried and found, in one line. */
  takeaway: string;
  /** What is allowed but may surprise, a sentence each. */
  notes: string[];
  /** The first number. */
  x: SearchSide;
  /** The second number. */
  y: SearchSide;
  /** The numbers that this run has, and their titles. */
  choices: {[name: string]: string};
  /** The outcomes; `kind` of a sample is an index into them. */
  kinds: string[];
  /** What is sought: the lowest loss at the end, or the fewest steps to the tolerance. */
  measure: "loss" | "steps";
  /** Of each run. */
  steps: number;
  /** A run has got there within this. */
  tolerance: number;
  /** How the budget is spent. */
  strategy: StrategyFacts;
  /** How many runs may be made. */
  budget: number;
  /** How many are made. */
  tried: number;
  /** How many repetitions there are. */
  seeds: number;
  /** How many runs each round has: one round, or a coarse and a fine one. */
  rounds: number[];
  /** x0, x1, y0, y1 of the box of the fine round; null without one. */
  fine_box: number[] | null;
  /** The runs of the search that is shown. */
  samples: Samples;
  /** What all repetitions find. */
  bands: Bands;
  /** The runs at the points of the key `own`. */
  own: Samples;
  /** The best run of the whole map. */
  truth: TruthFacts;
  /** The one run that is repeated. */
  runs: SearchRun[];
}

/** The run that is repeated. */
export interface SearchRun {
  /** Its values but for those searched; null where it follows a shared slider or a default. */
  hyperparameters: {[name: string]: number | boolean | string | null};
}

/** One of the two numbers that are searched. */
export interface SearchSide {
  /** As the keys `x` and `y` name it. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** Its symbol, or nothing. */
  symbol: string;
  /** The lower end of its range. */
  low: number;
  /** The upper end of its range. */
  high: number;
  /** The scale on which its slider is even. */
  scale: "linear" | "log" | "one_minus_log";
  /** Whether it is a whole number. */
  is_integer: boolean;
  /** How many different values the shown search has tried. */
  values: number;
  /** First and last value of every decade of the range, and how many of the values tried lie in it. */
  decades: [number, number, number][];
}

/** How the budget is spent. */
export interface StrategyFacts {
  /** As links name it. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** The paper that it is from. */
  source: string;
}

/** What is descended, penalty included, and where it is drawn. */
export interface SurfaceFacts {
  /** As links name it. */
  name: string;
  /** In the language of the request. */
  title: string;
  /** The loss, in LaTeX. */
  formula: string;
  /** The names of x and y. */
  axes: [string, string];
  /** The usual rectangle: the ends of x, then of y. */
  domain: [[number, number], [number, number]];
  /** The plotted rectangle: the ends of x, then of y. */
  view: [[number, number], [number, number]];
  /** Where the runs begin. */
  start: [number, number];
  /** The lowest known loss; `gap` is measured from it. */
  lowest: number;
  /** Where that is; empty on a surface without a minimum. */
  minima: Minimum[];
  /** Null where the surface is not quadratic. */
  hessian: HessianFacts | null;
  /** The Hessian, two rows of two; null where the surface is not quadratic. */
  hessian_matrix: number[][] | null;
  /** Why there is no minimum, in a sentence; empty where there is one. */
  no_minimum: string;
}

/** The best run of the whole map. */
export interface TruthFacts {
  /** The map has so many runs a side. */
  side: number;
  /** The first number of the best. */
  x: number;
  /** The second number of the best. */
  y: number;
  /** What is sought; null if every run failed. */
  value: number | null;
  /** The loss at the end minus the lowest. */
  gap: number | null;
}
