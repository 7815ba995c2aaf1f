'use strict';
const DATA = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
// Told apart without red or without green too, and from what is behind them.
const COLOURS = {
  light: ['#1d45df', '#a84400', '#00a57f', '#835182', '#302e58', '#299be5', '#650e00', '#d27700'],
  dark: ['#6789bc', '#fd7c0a', '#0abc92', '#e4abf3', '#f0d53d', '#cbedcf', '#645ffd', '#996958'] };
const theme = () => document.documentElement.dataset.theme || 'light';
const colour = i => COLOURS[theme()][i % 8];
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const redraws = [];

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A number for a reader: four digits that count. */
function shown(x) {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  const size = Math.abs(x);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-4) return x.toExponential(2).replaceAll('-', '−').replace('e+', 'e');
  return Number(x.toPrecision(4)).toString().replace('-', '−');
}

function short(x) {
  const size = Math.abs(x);
  if (size >= 1e6) return shown(x / 1e6) + 'M';
  if (size >= 1e4) return shown(x / 1e3) + 'k';
  return shown(Number(x.toPrecision(6)));
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  redraws.forEach(redraw => redraw());
}
document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
$('theme').onclick = () => setTheme(theme() === 'dark' ? 'light' : 'dark');

function table(place, head, rows) {
  const made = make('table');
  const line = (cells, tag) => {
    const tr = make('tr');
    cells.forEach(cell => {
      const made = make(tag);
      made.append(cell);
      tr.append(made);
    });
    return tr;
  };
  const top = make('thead');
  top.append(line(head, 'th'));
  const body = make('tbody');
  rows.forEach(row => body.append(line(row, 'td')));
  made.append(top, body);
  place.replaceChildren(made);
}

const axis = (label, size) => ({
  label, labelSize: 18, size, gap: 4, font: '11px system-ui, "DejaVu Sans", sans-serif',
  labelFont: '12px system-ui, "DejaVu Sans", sans-serif', stroke: () => css('--soft'),
  grid: { stroke: () => css('--grid'), width: 1 }, ticks: { stroke: () => css('--line'), width: 1, size: 4 },
  values: (u, all) => all.map(short) });

/** Keeps a chart as wide as its place, and draws it anew where the theme changes. */
function placed(place, height, build) {
  let chart = null;
  const draw = () => {
    if (chart) chart.destroy();
    chart = build(Math.max(200, place.clientWidth), height);
  };
  redraws.push(draw);
  new ResizeObserver(() => {
    const width = Math.max(200, place.clientWidth);
    if (chart && Math.abs(chart.width - width) > 1) chart.setSize({ width, height });
  }).observe(place);
  draw();
  return draw;
}

function extent(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) if (v !== null && Number.isFinite(v)) { low = Math.min(low, v); high = Math.max(high, v); }
  if (low > high) return [0, 1];
  if (low === high) { const d = Math.abs(low) * 0.1 || 0.5; return [low - d, high + d]; }
  const room = (high - low) * 0.05;
  return [low - room, high + room];
}

/** A box that follows the pointer and says what is there. */
function over(chart, lines) {
  const box = make('div', 'over');
  box.hidden = true;
  chart.over.append(box);
  chart.over.addEventListener('mouseleave', () => { box.hidden = true; });
  return () => {
    const { left, top } = chart.cursor;
    if (left < 0 || !chart.over.matches(':hover')) { box.hidden = true; return; }
    const found = lines(left, top);
    if (!found) { box.hidden = true; return; }
    box.replaceChildren(...found.map(line => {
      const row = make('div');
      if (line.colour) { const s = make('i', 'swatch'); s.style.background = line.colour; s.style.marginRight = '.35rem'; s.style.verticalAlign = 'middle'; row.append(s); }
      row.append(line.text);
      return row;
    }));
    box.hidden = false;
    // Beside the pointer, and inside the window.
    const from = chart.over.getBoundingClientRect().left, wide = box.offsetWidth;
    const beside = left > chart.over.clientWidth / 2 ? left - wide - 12 : left + 12;
    box.style.left = Math.max(4, Math.min(from + beside, document.documentElement.clientWidth - wide - 4)) - from + 'px';
    box.style.top = Math.max(0, Math.min(top, chart.over.clientHeight - box.clientHeight)) + 'px';
  };
}

if (DATA.curves) {
  const curves = DATA.curves, recipes = curves.recipes, hiddenOnes = new Set();
  const rebuilds = [], bandRedraws = [], FEW = 3;
  const claims = curves.charts.some(chart => chart.only);
  const paired = recipes.length > 1 && !claims;
  const many = chart => (chart.only || recipes).length > FEW;
  let pointed = null;
  const most = Math.max(...recipes.map(r => r.step.length));
  $('smooth').value = most > 60 ? '5' : '1';
  const seeds = Math.max(...recipes.map(r => r.seeds));
  $('bands').textContent = (seeds > 2
    ? 'Lines are means over seeds; bands are 95 % intervals of the mean (Student’s t), cut off where they are wide. '
    : seeds > 1 ? 'Lines are means of two seeds; bands go from one to the other. '
    : (recipes.length > 1 ? 'One run of each: the' : 'The') + ' faint line is every step, the strong one the mean that is chosen. ')
    + (seeds > 1 && curves.charts.some(many) ? 'Where there are more than three objectives, the band is that of the one pointed at' + (claims ? '. ' : ' or chosen. ') : '')
    + (seeds > 1 ? 'The last point of a held-out number is the last measurement of each seed, at the mean of their ends. ' : '')
    + (paired && seeds > 1 ? 'Differences are taken within each seed, and then their mean and interval. ' : '')
    + (paired ? 'A name in the legend hides its curves.' : '');
  if (paired) {
    $('view').options[1].textContent = 'difference to ' + recipes[0].name;
    recipes.forEach((recipe, i) => $('band').append(new Option(recipe.name, String(i))));
  }
  $('view').parentElement.hidden = !paired;
  $('band').parentElement.hidden = !paired || seeds < 2 || recipes.length <= FEW;

  /** Draws the bands anew where another objective is pointed at. */
  function point(i) {
    if (pointed === i) return;
    pointed = i;
    bandRedraws.forEach(redraw => redraw());
  }
  const banded = i => $('band').value === '' ? pointed === i : Number($('band').value) === i;
  if (!claims) recipes.forEach((recipe, i) => {
    const button = make('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', 'true');
    const swatch = make('i', 'swatch');
    redraws.push(() => { swatch.style.background = colour(i); });
    swatch.style.background = colour(i);
    button.append(swatch, recipe.name + (recipes.some(other => other.seeds !== recipe.seeds) ? ' (' + recipe.seeds + (recipe.seeds > 1 ? ' seeds)' : ' seed)') : ''));
    button.onclick = () => {
      if (!hiddenOnes.delete(i)) hiddenOnes.add(i);
      button.setAttribute('aria-pressed', String(!hiddenOnes.has(i)));
      rebuilds.forEach(f => f());
    };
    button.onpointerenter = button.onfocus = () => point(i);
    button.onpointerleave = button.onblur = () => point(null);
    $('recipes').append(button);
  });

  /** The mean of so many points around each. */
  function smoothed(values, width) {
    if (width <= 1) return values;
    const half = (width - 1) / 2;
    return values.map((v, i) => {
      let sum = 0, count = 0;
      for (let j = Math.max(0, i - half); j <= Math.min(values.length - 1, i + half); j++) if (values[j] !== null) { sum += values[j]; count++; }
      return count ? sum / count : null;
    });
  }

  function lineChart(spec) {
    const figure = make('figure', 'chart');
    const caption = make('figcaption', '', spec.title + ' ');
    caption.append(make('small', '', spec.note));
    // A chart of some objectives has colours and a legend of its own.
    const tint = i => colour(spec.only ? spec.only.indexOf(i) : i);
    if (spec.only) {
      const own = make('div', 'legend');
      spec.only.forEach(i => {
        const swatch = make('i', 'swatch');
        redraws.push(() => { swatch.style.background = tint(i); });
        swatch.style.background = tint(i);
        const name = make('span', '', recipes[i].name);
        name.prepend(swatch);
        own.append(name);
      });
      caption.append(own);
    }
    const place = make('div');
    let chart = null;
    figure.append(caption, place);
    figure.addEventListener('pointerleave', () => point(null));
    if (many(spec)) bandRedraws.push(() => chart.redraw(false));
    $('charts').append(figure);
    const build = (width, height) => {
      const against = $('against').value, window = Number($('smooth').value);
      const apart = $('view').value === 'difference';
      const lines = [];
      recipes.forEach((one, i) => spec.keys.forEach((key, k) => {
        const recipe = apart && i > 0 ? one.difference : one, found = recipe.m[key.name];
        if (!found || hiddenOnes.has(i) || (spec.only && !spec.only.includes(i))) return;
        // What all are compared with is a line at 0.
        const zero = apart && i === 0, m = zero ? { v: found.v.map(v => v === null ? null : 0) } : found;
        const at = [];
        m.v.forEach((v, j) => { if (v !== null && recipe[against][j] !== null) at.push(j); });
        const pick = column => column && at.map(j => column[j]);
        const dense = at.length > recipe.step.length / 2;
        const soft = column => column && (dense ? smoothed(column, window) : column);
        lines.push({ recipe: one.name, i, dash: k > 0, label: key.label, x: pick(recipe[against]), raw: pick(m.v),
          y: soft(pick(m.v)), lo: soft(pick(m.lo)), hi: soft(pick(m.hi)), faint: dense && window > 1 && !zero, dots: !dense });
      }));
      const xs = lines.flatMap(l => l.x);
      const ys = lines.flatMap(l => [...l.y, ...(l.faint && !l.lo ? l.raw : [])]);
      // Wide bands are cut off, or nothing would be seen of the lines.
      const [least, greatest] = extent(ys), room = (greatest - least) * (many(spec) ? 0.3 : 1);
      lines.forEach(l => [...(l.lo || []), ...(l.hi || [])].forEach(v => {
        if (v !== null) ys.push(Math.max(least - room, Math.min(greatest + room, v)));
      }));
      const tables = lines.map(l => [l.x, l.y]);
      const faint = lines.filter(l => l.faint && !l.lo);
      faint.forEach(l => tables.push([l.x, l.raw]));
      const joined = tables.length ? uPlot.join(tables) : [[0, 1]];
      let look = () => {};
      const [low, high] = extent(ys), floor = spec.positive && !apart ? Math.max(0, low) : low;
      chart = new uPlot({
        width, height, legend: { show: false }, padding: [10, 12, 0, 0],
        cursor: { y: false, sync: { key: 'curves', setSeries: false }, drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: false, range: extentOf(xs) }, y: { range: () => [floor, high] } },
        axes: [axis(against === 'step' ? 'step' : 'tokens sampled', 30), axis((apart ? 'Δ ' : '') + spec.unit, 52)],
        series: [{}, ...lines.map(l => ({ stroke: tint(l.i), width: 2, dash: l.dash ? [6, 4] : undefined, spanGaps: true,
          points: { show: l.dots, size: 5, fill: tint(l.i) } })),
          ...faint.map(l => ({ stroke: tint(l.i) + '38', width: 1, spanGaps: true, points: { show: false } }))],
        hooks: {
          // Over the grid, and below the lines.
          drawAxes: [u => lines.filter(l => l.lo && (!many(spec) || banded(l.i))).forEach(l => band(u, l, tint(l.i)))],
          setCursor: [u => { look(); if (u.over.matches(':hover')) point(nearest(u, lines)); }] }
      }, joined, place);
      look = over(chart, left => {
        const x = chart.posToVal(left, 'x');
        const found = lines.map(l => {
          let best = -1;
          l.x.forEach((v, j) => { if (best < 0 || Math.abs(v - x) < Math.abs(l.x[best] - x)) best = j; });
          return best < 0 || l.y[best] === null ? null : { colour: tint(l.i), at: l.x[best],
            text: (recipes.length > 1 ? l.recipe + ' ' : '') + (spec.keys.length > 1 ? l.label + ' ' : '') + shown(l.y[best])
              + (l.lo && l.lo[best] !== null ? '  [' + shown(l.lo[best]) + ', ' + shown(l.hi[best]) + ']' : '') };
        }).filter(Boolean);
        return found.length ? [{ text: (against === 'step' ? 'step ' : 'tokens ') + short(found[0].at) }, ...found] : null;
      });
      return chart;
    };
    rebuilds.push(placed(place, 210, build));
  }

  /** Whose line is nearest to the pointer. */
  function nearest(u, lines) {
    const { left, top } = u.cursor;
    let found = null, least = Infinity;
    lines.forEach(l => l.x.forEach((x, j) => {
      if (l.y[j] === null) return;
      const next = Math.min(j + 1, l.x.length - 1);
      const a = [u.valToPos(x, 'x'), u.valToPos(l.y[j], 'y')], b = [u.valToPos(l.x[next], 'x'), u.valToPos(l.y[next] ?? l.y[j], 'y')];
      const share = b[0] > a[0] ? Math.max(0, Math.min(1, (left - a[0]) / (b[0] - a[0]))) : 0;
      const d = (a[0] + share * (b[0] - a[0]) - left) ** 2 + (a[1] + share * (b[1] - a[1]) - top) ** 2;
      if (d < least) { least = d; found = l.i; }
    }));
    return found;
  }

  const extentOf = values => { const e = extent(values); return () => e; };

  function band(u, l, tint) {
    const { ctx } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    ctx.beginPath();
    const at = l.x.map((_, j) => j).filter(j => l.lo[j] !== null && l.hi[j] !== null);
    at.forEach(j => ctx.lineTo(u.valToPos(l.x[j], 'x', true), u.valToPos(l.hi[j], 'y', true)));
    at.reverse().forEach(j => ctx.lineTo(u.valToPos(l.x[j], 'x', true), u.valToPos(l.lo[j], 'y', true)));
    ctx.closePath();
    ctx.fillStyle = tint + '2e';
    ctx.fill();
    ctx.restore();
  }

  const isShown = s => s.i === undefined || !hiddenOnes.has(s.i);

  /** Points and lines of any x, on axes that have room for all of `within`. */
  function scatter(place, height, sets, xLabel, yLabel, within) {
    const build = (width, h) => {
      const all = sets().filter(isShown);
      const points = within().filter(s => isShown(s) && !s.line).flatMap(s => s.points);
      const [x0, x1] = extent(points.map(p => p[0])), [y0, y1] = extent(points.map(p => p[1]));
      let look = () => {};
      const chart = new uPlot({
        width, height: h, legend: { show: false }, padding: [10, 12, 0, 0],
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: false, range: () => [x0, x1] }, y: { range: () => [y0, y1] } },
        axes: [axis(xLabel, 30), axis(yLabel, 56)], series: [{}, { show: false }],
        hooks: {
          draw: [u => {
            const { ctx } = u, px = uPlot.pxRatio || devicePixelRatio;
            ctx.save();
            ctx.beginPath();
            ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
            ctx.clip();
            all.forEach(s => {
              const tint = s.i === undefined ? css('--soft') : colour(s.i);
              ctx.strokeStyle = tint; ctx.fillStyle = tint + 'a0';
              ctx.lineWidth = (s.line ? 2 : 1.2) * px;
              ctx.setLineDash(s.dash ? [7 * px, 5 * px] : []);
              ctx.globalAlpha = s.i === undefined ? 0.6 : 1;
              if (s.line) {
                ctx.beginPath();
                s.points.forEach(p => ctx.lineTo(u.valToPos(p[0], 'x', true), u.valToPos(p[1], 'y', true)));
                ctx.stroke();
              } else s.points.forEach(p => {
                ctx.beginPath();
                ctx.arc(u.valToPos(p[0], 'x', true), u.valToPos(p[1], 'y', true), 2.8 * px, 0, 7);
                if (p[3]) ctx.stroke(); else ctx.fill();
              });
            });
            ctx.restore();
          }],
          setCursor: [() => look()] }
      }, [[x0, x1], [null, null]], place);
      look = over(chart, (left, top) => {
        let best = null, least = 900;
        all.filter(s => !s.line).forEach(s => s.points.forEach(p => {
          const d = (chart.valToPos(p[0], 'x') - left) ** 2 + (chart.valToPos(p[1], 'y') - top) ** 2;
          if (d < least) { least = d; best = [s, p]; }
        }));
        return best && [{ colour: colour(best[0].i), text: best[0].name + ', step ' + best[1][2] },
          { text: xLabel + ' ' + shown(best[1][0]) }, { text: yLabel + ' ' + shown(best[1][1]) }];
      });
      return chart;
    };
    rebuilds.push(placed(place, height, build));
  }

  /** The name of an objective with its colour. */
  const named = one => {
    const cell = make('span', 'named'), swatch = make('i', 'swatch');
    redraws.push(() => { swatch.style.background = colour(one.i); });
    swatch.style.background = colour(one.i);
    cell.append(swatch, one.name);
    return cell;
  };

  /** A chart of all objectives where they are few; otherwise one for each, on the same axes. */
  function scatters(grid, ones, wide, height, common, sets, xLabel, yLabel) {
    const within = () => [...common, ...ones.flatMap(sets)];
    (ones.length > 2 ? ones.map(one => [one]) : [ones]).forEach(group => {
      const figure = make('figure', wide && group === ones ? 'chart wide' : 'chart'), place = make('div');
      if (ones.length > 2) {
        const caption = make('figcaption');
        caption.append(named(group[0]));
        figure.append(caption);
        rebuilds.push(() => { figure.hidden = hiddenOnes.has(group[0].i); });
      }
      figure.append(place);
      grid.append(figure);
      scatter(place, ones.length > 2 ? 200 : height, () => [...common, ...group.flatMap(sets)], xLabel, yLabel, within);
    });
  }

  curves.charts.forEach(lineChart);
  $('band').onchange = () => bandRedraws.forEach(redraw => redraw());
  $('view').onchange = $('against').onchange = $('smooth').onchange = () => rebuilds.forEach(f => f());

  const law = curves.law;
  $('dynamics').hidden = law.length === 0;
  scatters($('law'), law, true, 300, [], one => {
    const [low, high] = extent(one.h);
    const line = (a, b) => Array.from({ length: 60 }, (_, k) => low + (high - low) * k / 59).map(h => [h, b - a * Math.exp(h)]);
    const sets = [{ i: one.i, name: one.name, points: one.h.map((h, j) => [h, one.r[j], one.step[j], one.early && j < one.early.steps]) }];
    if (one.fit) sets.push({ i: one.i, line: true, points: line(one.fit.a[0], one.fit.b[0]) });
    if (one.early) sets.push({ i: one.i, line: true, dash: true, points: line(one.early.a, one.early.b) });
    return sets;
  }, 'entropy H, nats per token', 'reward R');
  const between = e => shown(e[0]) + '  [' + shown(e[1]) + ', ' + shown(e[2]) + ']';
  table($('lawTable'),
    ['', 'a [95 %]', 'b [95 %]', 'R²', 'ceiling b − a', 'ceiling by the first 15 %', 'forecast for the end', 'reward at the end', 'off by'],
    law.filter(one => one.fit).map(one => [named(one), between(one.fit.a), between(one.fit.b), shown(one.fit.r2), shown(one.fit.ceiling),
      ...(one.early ? [shown(one.early.ceiling), shown(one.early.forecast), shown(one.early.measured), shown(one.early.forecast - one.early.measured)] : ['–', '–', '–', '–'])]));

  const change = curves.change;
  const [least, greatest] = extent(change.flatMap(one => one.forecast));
  const points = (one, forecast) => [{ i: one.i, name: one.name,
    points: one.measured.map((m, j) => [forecast[j], m, one.step[j]]).filter(p => p[0] !== null) }];
  scatters($('forecast'), change, false, 280, [{ line: true, points: [[least, least], [greatest, greatest]] }],
    one => points(one, one.forecast), 'forecast ΔH by eq 11, nats per token', 'ΔH, nats per token');
  const natural = change.filter(one => one.natural && one.natural.some(x => x !== null));
  if (natural.length) {
    scatters($('forecast'), natural, false, 280, [], one => points(one, one.natural),
      'forecast ΔH by eq 12, unit step, summed', 'ΔH, nats per token');
  }
  table($('forecastTable'), ['', 'slope on eq 11 [95 %]', 'R²', 'slope on eq 12 [95 %]', 'R²', 'steps'],
    change.map(one => [named(one), one.slope ? between(one.slope) : '–', one.slope ? shown(one.slope[3]) : '–',
      one.naturalSlope ? between(one.naturalSlope) : '–', one.naturalSlope ? shown(one.naturalSlope[3]) : '–', String(one.measured.length)]));
}
