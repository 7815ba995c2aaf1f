if (DATA.microscope) {
  const scope = DATA.microscope, objectives = scope.objectives, PAGE = 24;
  let limit = PAGE, tokens = null;
  $('scope').textContent = scope.note + ' A token tells its numbers where it is pointed at, or reached by Tab and then ← and →.';

  /** What a token may be coloured by: how its number is found, and what the colours mean. */
  const QUANTITIES = {
    weight: { label: 'pull −dL/dlog π', unit: 'loss per nat', key: 'w', flip: true, low: 'made less likely', high: 'made more likely' },
    advantage: { label: 'advantage A', key: 'a', low: 'worse than the others', high: 'better' },
    ratio: { label: 'importance ratio', key: 'r', one: true, low: 'less likely than when drawn', high: 'more likely' },
    clip: { label: 'clip state', key: 'b', states: true },
    natural: { label: 'forecast ΔH (eq 12)', unit: 'nats', key: 'n', low: 'entropy falls', high: 'entropy rises' },
    logits: { label: 'forecast ΔH (eq 11, step on logits)', unit: 'nats', key: 'l', low: 'entropy falls', high: 'entropy rises' },
    entropy: { label: 'entropy H', unit: 'nats', key: 'h', shared: true, sequential: true } };
  const STATES = { i: 'inside', b: 'below the bound', a: 'above the bound', x: 'beyond both' };
  const STATE_COLOURS = { i: null, b: [31, 119, 210], a: [226, 110, 16], x: [150, 70, 200] };

  const cell = (column, t) => column === undefined || column === null ? null : typeof column === 'object' || typeof column === 'string' ? column[t] : column;

  function raw(response, o, q, t) {
    if (q.shared) return cell(response.h, t);
    const by = response.by[o];
    return by ? cell(by[q.key], t) : null;
  }

  /** The number that colours a token; null where there is none. */
  function value(response, o, q, t) {
    const x = raw(response, o, q, t);
    if (x === null || x === undefined) return null;
    return q.flip ? -x : q.one ? Math.log(x) : x;
  }

  function has(q, o) { return scope.responses.some(r => raw(r, o, q, 0) !== null && raw(r, o, q, 0) !== undefined); }

  function option(select, value, label, disabled) {
    const made = make('option', '', label);
    made.value = value;
    made.disabled = !!disabled;
    select.append(made);
  }
  objectives.forEach((one, i) => option($('objective'), String(i), one.name));
  option($('minus'), '', 'nothing');
  objectives.forEach((one, i) => option($('minus'), String(i), one.name));
  Object.entries(QUANTITIES).forEach(([name, q]) => {
    if (objectives.some((_, o) => has(q, o))) option($('colour'), name, q.label);
  });
  [['pull', 'pull of the objective'], ['difference', 'difference'], ['reward', 'reward'], ['entropy', 'entropy'], ['file', 'place in the file']]
    .forEach(([v, l]) => option($('sort'), v, l));
  if (scope.minus !== null) $('minus').value = String(scope.minus);
  if (scope.minus !== null) $('sort').value = 'difference';

  const entropies = scope.responses.flatMap(r => r.h || []).filter(x => x !== null).sort((a, b) => a - b);
  const forkFrom = entropies.length ? entropies[Math.floor(entropies.length * 0.8)] : Infinity;

  function quantile(values, share) {
    const sorted = values.filter(x => x !== null && Number.isFinite(x)).map(Math.abs).sort((a, b) => a - b);
    return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] || sorted[sorted.length - 1] : 0;
  }

  function difference(response, q, t) {
    const o = Number($('objective').value), m = $('minus').value;
    const x = value(response, o, q, t);
    if (m === '' || q.shared) return x;
    const y = value(response, Number(m), q, t);
    return x === null || y === null ? null : q.states ? (x === y ? 'i' : x === 'i' ? y : x) : x - y;
  }

  /** An objective may lack what is chosen: one whose gradient does not go through log π alone has no pull. */
  function settle() {
    const o = Number($('objective').value), there = [...$('colour').options].map(x => x.value).filter(name => has(QUANTITIES[name], o));
    if (there.length && !there.includes($('colour').value)) $('colour').value = there[0];
    if (!there.includes('weight') && $('sort').value === 'pull') $('sort').value = 'reward';
  }

  const sum = (response, f) => response.t.reduce((s, _, t) => s + Math.abs(f(t) || 0), 0);

  function sorted() {
    const o = Number($('objective').value), w = QUANTITIES.weight;
    const keys = {
      pull: r => -sum(r, t => value(r, o, w, t)),
      difference: r => -sum(r, t => difference(r, w, t)),
      reward: r => -(r.reward === null ? -Infinity : r.reward),
      entropy: r => r.h ? -sum(r, t => r.h[t]) / r.t.length : 0,
      file: r => r.row };
    const key = keys[$('sort').value];
    return scope.responses.map(r => [key(r), r]).sort((x, y) => x[0] - y[0] || x[1].row - y[1].row).map(x => x[1]);
  }

  const BLUE = [31, 119, 210], ORANGE = [226, 110, 16];
  const tint = (rgb, alpha) => `rgba(${rgb[0]},${rgb[1]},${rgb[2]},${alpha.toFixed(3)})`;

  function paint(q, x, scale) {
    if (x === null) return '';
    if (q.states) return STATE_COLOURS[x] ? tint(STATE_COLOURS[x], 0.55) : '';
    if (!scale) return '';
    const strength = Math.min(1, Math.abs(x) / scale) ** 0.7 * (theme() === 'dark' ? 0.52 : 0.78);
    return tint(x < 0 ? BLUE : ORANGE, strength);
  }

  function ramp(q, scale) {
    const key = $('key'), minus = $('minus').value !== '' && !q.shared;
    key.replaceChildren();
    if (q.states) {
      key.append(minus ? 'where the states differ: ' : '');
      Object.entries(STATES).forEach(([s, label]) => {
        const mark = make('i', '', label);
        mark.style.background = STATE_COLOURS[s] ? tint(STATE_COLOURS[s], 0.55) : 'none';
        key.append(mark);
      });
    } else {
      const bar = make('i', 'ramp');
      const stops = q.sequential ? [0, 0.25, 0.5, 0.75, 1] : [-1, -0.5, 0, 0.5, 1];
      bar.style.background = 'linear-gradient(90deg,' + stops.map(s => paint(q, s * (scale || 1), scale || 1) || 'transparent').join(',') + ')';
      // Colours end at a number that few tokens are beyond.
      const unit = q.unit ? ' ' + q.unit : '';
      const [low, high] = q.one && !minus ? [shown(Math.exp(-scale)), shown(Math.exp(scale))] : [shown(-scale), shown(scale)];
      key.append((q.sequential ? '0' : '≤ ' + low) + (q.low && !minus ? ', ' + q.low : ''), bar, '≥ ' + high + unit + (q.high && !minus ? ', ' + q.high : '')
        + (minus ? ', ' + objectives[$('objective').value].name + ' minus ' + objectives[$('minus').value].name + (q.one ? ', logarithms' : '') : ''));
    }
    if (entropies.length) {
      const mark = make('span');
      mark.className = 'text';
      const inner = make('span', 'fork', 'forking');
      mark.append(inner);
      key.append(mark, 'the 20 % of tokens with most entropy, above ' + shown(forkFrom) + ' nats');
    }
  }

  function visible(text) {
    return text.replace(/\n/g, '↵\n').replace(/\t/g, '→\t').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '·');
  }

  function render() {
    settle();
    const o = Number($('objective').value), q = QUANTITIES[$('colour').value];
    const order = sorted();
    const scale = q.states ? 1 : quantile(scope.responses.flatMap(r => r.t.map((_, t) => difference(r, q, t))), 0.97);
    ramp(q, scale);
    $('formula').innerHTML = objectives[o].formula;
    tokens = [];
    const made = order.slice(0, limit).map(r => {
      const box = make('article', r.t.length > 60 ? 'response long' : 'response');
      const head = make('h3');
      const add = (label, text) => { const s = make('span', '', label + ' '); s.append(make('b', '', text)); head.append(s); };
      add('row', String(r.row + 1));
      if (r.reward !== null) add('reward', shown(r.reward));
      const pull = sum(r, t => value(r, o, QUANTITIES.weight, t));
      if (has(QUANTITIES.weight, o)) add('Σ|dL/dlog π|', shown(pull));
      if (r.left) add('left out', r.left + ' of ' + (r.left + r.t.length) + ' tokens');
      box.append(head);
      if (r.prompt !== null) box.append(make('p', 'prompt', r.prompt));
      const text = make('div', 'text' + ($('forking').checked ? ' only' : ''));
      r.t.forEach((token, t) => {
        if (t > 0 && r.slots && r.slots[t] > r.slots[t - 1] + 1) text.append(make('i', 'gap', ' […] '));
        const span = make('span', r.h && r.h[t] !== null && r.h[t] >= forkFrom && r.h[t] > 0 ? 'fork' : '', visible(token) || '∅');
        span.tabIndex = t === 0 ? 0 : -1;
        span.style.background = paint(q, difference(r, q, t), scale);
        span.dataset.at = String(tokens.length);
        tokens.push([r, t]);
        text.append(span);
      });
      if (r.text) box.append(make('p', 'prompt', r.text));
      box.append(text);
      return box;
    });
    $('responses').replaceChildren(...made);
    $('more').hidden = limit >= order.length;
    $('more').textContent = 'more responses (' + (order.length - limit) + ' left)';
  }

  function tell(span) {
    const [r, t] = tokens[Number(span.dataset.at)];
    const tip = $('tip'), o = Number($('objective').value);
    const head = make('div');
    head.append(make('b', '', JSON.stringify(r.t[t])), ' token ' + ((r.slots ? r.slots[t] : t) + 1) + ' of ' + r.entries
      + (r.h && r.h[t] !== null ? ', entropy ' + shown(r.h[t]) + ' nats' + (r.h[t] >= forkFrom ? ', forking' : '') : ''));
    const box = make('div');
    const rows = objectives.map((one, i) => ['w', 'a', 'r', 'b', 'n', 'l'].map(k => r.by[i] ? cell(r.by[i][k], t) : null));
    const wide = ['dL/dlog π', 'A', 'ratio', 'clip', 'ΔH eq 12', 'ΔH eq 11'];
    const used = wide.map((_, c) => c).filter(c => rows.some(row => row[c] !== null && row[c] !== undefined));
    table(box, ['', ...used.map(c => wide[c])], rows.map((row, i) => [objectives[i].name, ...used.map(c => c === 3 ? (STATES[row[c]] || '–') : shown(row[c]))]));
    box.querySelectorAll('tbody tr')[o].className = 'chosen';
    tip.replaceChildren(head, box);
    tip.hidden = false;
    const at = span.getBoundingClientRect(), size = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(at.left, innerWidth - size.width - 4)) + 'px';
    tip.style.top = (at.bottom + size.height + 8 < innerHeight ? at.bottom + 6 : Math.max(4, at.top - size.height - 6)) + 'px';
  }
  $('responses').addEventListener('pointerover', event => {
    const span = event.target.closest('span[data-at]');
    if (span) tell(span); else $('tip').hidden = true;
  });
  $('responses').addEventListener('pointerleave', () => { $('tip').hidden = true; });
  const focused = () => $('responses').contains(document.activeElement) ? document.activeElement.closest('span[data-at]') : null;
  addEventListener('scroll', () => { if (focused()) tell(focused()); else $('tip').hidden = true; }, { passive: true });
  $('responses').addEventListener('focusin', event => {
    const span = event.target.closest('span[data-at]');
    if (!span) return;
    span.setAttribute('aria-describedby', 'tip');
    tell(span);
  });
  $('responses').addEventListener('focusout', () => { $('tip').hidden = true; });
  // Tab goes from response to response, arrows from token to token.
  $('responses').addEventListener('keydown', event => {
    const span = focused(), by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') $('tip').hidden = true;
    const to = span && by && $('responses').querySelector('span[data-at="' + (Number(span.dataset.at) + by) + '"]');
    if (!to) return;
    event.preventDefault();
    to.parentElement.querySelectorAll('[tabindex="0"]').forEach(stop => { stop.tabIndex = -1; });
    to.tabIndex = 0;
    to.focus();
  });
  ['objective', 'minus', 'colour', 'sort', 'forking'].forEach(id => { $(id).onchange = render; });
  $('more').onclick = () => { limit += PAGE; render(); };
  redraws.push(render);
  render();
}
document.documentElement.dataset.ready = 'yes';
