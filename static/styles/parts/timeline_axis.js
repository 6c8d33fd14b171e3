// The clock of a timeline: from milliseconds to shares of its width, and back, with or without folds.

export function axisOf(now, folds, share) {
  const unfolded = Math.max(0.001, now - folds.reduce((sum, [begin, end]) => sum + end - begin, 0));
  const scale = (1 - share * folds.length) / unfolded;
  const points = [[0, 0]]; // [milliseconds, share] where the scale changes.
  for (const [begin, end] of folds) {
    const [ms, at] = points.at(-1);
    const begins = at + (begin - ms) * scale;
    points.push([begin, begins], [end, begins + share]);
  }
  points.push([now, 1]);
  const stretches = []; // [begin, end] of what isn't folded, as shares.
  for (let index = 0; index < points.length; index += 2) stretches.push([points[index][1], points[index + 1][1]]);
  const folded = []; // The same of what is.
  for (let index = 1; index + 1 < points.length; index += 2) folded.push([points[index][1], points[index + 1][1]]);
  return {
    now,
    scale,
    stretches,
    folds: folded,
    fraction: (ms) => between(points, 0, 1, Math.max(0, Math.min(now, ms))),
    ms: (fraction) => between(points, 1, 0, Math.max(0, Math.min(1, fraction))),
  };
}

function between(points, from, to, value) {
  let index = 1;
  while (index < points.length - 1 && points[index][from] < value) index += 1;
  const [before, after] = [points[index - 1], points[index]];
  const length = after[from] - before[from];
  return length > 0 ? before[to] + ((value - before[from]) / length) * (after[to] - before[to]) : after[to];
}

// Round times in the part of the clock between the shares `a` and `b`, with at least `gap` pixels between two.
export function ticks(axis, a, b, width, gap) {
  const perMs = (axis.scale / (b - a)) * width;
  const step = roundStep(gap / perMs);
  const found = [];
  let last = -gap;
  for (const [begin, end] of axis.stretches) {
    const [from, to] = [Math.max(begin, a), Math.min(end, b)];
    if (from >= to) continue;
    for (let number = Math.ceil(axis.ms(from) / step - 1e-6); number * step <= axis.ms(to) + 1e-6; number += 1) {
      const x = ((axis.fraction(number * step) - a) / (b - a)) * width;
      if (x < last + gap * 0.75 || x > width - 14) continue;
      last = x;
      found.push({ x: x / width, label: label(number * step) });
    }
  }
  return found;
}

function roundStep(least) {
  const decade = 10 ** Math.floor(Math.log10(least));
  return decade * [1, 2, 5, 10].find((factor) => decade * factor >= least * 0.999);
}

function label(ms) {
  if (ms === 0) return "0";
  return ms < 1000 ? `${Number(ms.toFixed(2))} ms` : `${Number((ms / 1000).toFixed(5))} s`;
}

// Places in the same order, at least `gap` apart if there is room, and near the given ones.
export function spread(places, gap, limit) {
  const found = [];
  for (const place of places) found.push(Math.max(place, (found.at(-1) ?? -gap) + gap));
  let most = limit;
  for (let index = found.length - 1; index >= 0; index -= 1) {
    found[index] = Math.max(0, Math.min(found[index], most));
    most = found[index] - gap;
  }
  return found;
}

export function clock(ms) {
  return (ms < 0 ? "-" : "+") + grouped(Math.abs(ms));
}

export function grouped(ms) {
  const [whole, tenth] = ms.toFixed(1).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, "\u202f")}.${tenth}`;
}
