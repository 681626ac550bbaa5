// SPDX-License-Identifier: GPL-2.0-or-later
// The report's page: a list that draws only the rows that are seen, and everything else on demand.
'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const read = (name) => [...document.querySelectorAll('script.' + name)].map((element) => JSON.parse(element.textContent));
  const ROW_H = 24, CHUNK = 512, MOST_ENTRIES = 250;
  // A packet's row, as report_data.h describes it.
  const NUMBER = 0, TIME = 1, VERDICT = 2, CTSTATE = 3, ENTRY = 4, DEADLINE = 5, STATE = 6, STATUS = 7, CHANGE = 8, DECIDED = 10,
    MATCHED = 11, WORDS = 12, LEFT_AS = 13, REASON = 14;
  const CHANGE_NONE = 0, CHANGE_NEW = 1, CHANGE_DESTROYED = 5;

  const packets = read('packets').flat(), [words] = read('words'), [about] = read('about'), [summary] = read('summary');
  const [{ rules, chains, states }] = read('rules');
  const warnings = read('warnings')[0], chunks = [...document.querySelectorAll('script.why')];

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const seconds = (us) => (us / 1e6).toFixed(6);
  const countWords = (n, one, many) => `${n} ${n === 1 ? one : many}`;
  const ruleName = (rule) => `${rule.table} ${rule.chain} ${rule.number || 'policy'}`;

  // --- entries over time --------------------------------------------------------------------------

  // Of each entry its flows, when it came and went, and what it was from each moment on: [time, deadline, state, status].
  const entries = new Map();
  const times = new Set();
  const addMoment = (id, moment) => {
    const entry = entries.get(id);
    if (!entry) return;
    const last = entry.moments.length - 1;
    if (last >= 0 && entry.moments[last][0] === moment[0]) entry.moments[last] = moment;
    else entry.moments.push(moment);
  };
  const readEntries = () => {
    let next = 0;
    const tell = ([time, id, kind, deadline, state, status, expired, flow, replies]) => {
      times.add(time);
      if (kind === 0) entries.set(id, { id, flow, replies, from: time, to: Infinity, moments: [] });
      if (kind < 2) addMoment(id, [time, deadline, state, status]);
      else if (entries.has(id)) Object.assign(entries.get(id), { to: time, expired });
    };
    const events = read('entries').flat();
    for (const packet of packets) {
      times.add(packet[TIME]);
      while (next < events.length && events[next][0] <= packet[TIME]) tell(events[next++]);
      if (packet[ENTRY] && packet[CHANGE] !== CHANGE_DESTROYED)
        addMoment(packet[ENTRY], [packet[TIME], packet[DEADLINE], packet[STATE], packet[STATUS]]);
    }
    while (next < events.length) tell(events[next++]);
  };
  readEntries();
  const moments = [...times].sort((a, b) => a - b), lives = [...entries.values()];
  // The last place in a sorted array that is not after a time; -1: there is none.
  const placeOf = (array, time, key) => {
    let low = 0, high = array.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key(array[middle]) <= time) low = middle + 1; else high = middle;
    }
    return low - 1;
  };
  const stateWords = (state, status) => state >= 0 ? states[state] : status & 4 ? 'assured' : status & 2 ? 'replied' : 'unreplied';
  // Where NAT has no part in it, answers come the same way back: nothing is to be said of them.
  const TRANSLATED = words.status.reduce((mask, name, bit) => name === 'SRC_NAT' || name === 'DST_NAT' ? mask | 1 << bit : mask, 0);
  // Every entry in the table is CONFIRMED, and that NAT is done with it is nobody's business.
  const statusWords = (status) => words.status.filter((name, bit) => name && name !== 'CONFIRMED' && !name.endsWith('_DONE') && status & (1 << bit)).join(' ');

  // --- the list of packets ------------------------------------------------------------------------

  let shown = packets, chosen = -1;		// `chosen`: place in `shown`
  const list = byId('list'), rows = byId('rows');
  const entryWords = (packet) => {
    if (!packet[ENTRY]) return '';
    if (packet[CHANGE] === CHANGE_DESTROYED) return `#${packet[ENTRY]} ended`;
    const left = Math.max(0, Math.floor((packet[DEADLINE] - packet[TIME]) / 1e6));
    return `#${packet[ENTRY]}${packet[CHANGE] === CHANGE_NEW ? ' new' : ''} ${stateWords(packet[STATE], packet[STATUS])} ${left}s`;
  };
  const decision = (packet) => packet[DECIDED] >= 0 ? ruleName(rules[packet[DECIDED]]) : packet[REASON] || '';
  const makeRow = (place) => {
    const packet = shown[place], verdict = words.verdicts[packet[VERDICT]], ctstate = words.ctstates[packet[CTSTATE]];
    const row = make('div', { className: 'row', id: 'p' + packet[NUMBER] },
      make('span', { className: 'number' }, String(packet[NUMBER])), make('span', { className: 'when' }, seconds(packet[TIME])),
      make('span', { className: 'verdict ' + verdict }, packet[VERDICT] ? verdict : '-'),
      make('span', { className: ctstate }, packet[CTSTATE] ? ctstate : '-'),
      make('span', { className: 'what', title: packet[WORDS] + (packet[LEFT_AS] ? ' leaves as ' + packet[LEFT_AS] : '') }, packet[WORDS]),
      make('span', { className: 'entry muted' }, entryWords(packet)), make('span', { className: 'muted', title: decision(packet) }, decision(packet)));
    row.style.top = place * ROW_H + 'px';
    row.setAttribute('role', 'option');
    row.setAttribute('aria-posinset', place + 1);
    row.setAttribute('aria-setsize', shown.length);
    row.setAttribute('aria-selected', place === chosen);
    row.addEventListener('click', () => choose(place));
    return row;
  };
  const drawRows = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_H) - 6);
    const end = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_H) + 6);
    const made = [];
    for (let place = first; place < end; place++) made.push(makeRow(place));
    rows.replaceChildren(...made);
    list.setAttribute('aria-activedescendant', chosen >= first && chosen < end ? 'p' + shown[chosen][NUMBER] : '');
  };
  let isDrawing = false;
  const drawSoon = () => {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(() => { isDrawing = false; drawRows(); });
  };
  list.addEventListener('scroll', drawSoon);
  new ResizeObserver(drawSoon).observe(list);

  const bringIntoView = (place) => {
    const top = place * ROW_H;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + ROW_H > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW_H - list.clientHeight;
  };
  const choose = (place) => {
    if (!shown.length) return;
    chosen = Math.max(0, Math.min(shown.length - 1, place));
    bringIntoView(chosen);
    drawRows();
    explain(shown[chosen]);
    setMoment(placeOf(moments, shown[chosen][TIME], (time) => time), true);
  };

  // --- why ----------------------------------------------------------------------------------------

  const unpacked = new Map();		// chunk to its pages
  const unpack = async (chunk) => {
    const element = chunks[chunk];
    if (element.type === 'application/json') return JSON.parse(element.textContent);
    const bytes = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return JSON.parse(await new Response(stream).text());
  };
  const placeInAll = new Map(packets.map((packet, place) => [packet[NUMBER], place]));
  // What goes on from a line that is too long stands a little to the right of where it begins.
  const makeLine = (text) => {
    const line = make('span', { className: 'line' }, text + '\n'), indent = text.search(/\S|$/) + 2;
    line.style.paddingLeft = `${indent}ch`;
    line.style.textIndent = `-${indent}ch`;
    return line;
  };
  const explain = async (packet) => {
    const place = placeInAll.get(packet[NUMBER]), chunk = Math.floor(place / CHUNK);
    if (!unpacked.has(chunk)) unpacked.set(chunk, unpack(chunk));
    const pages = await unpacked.get(chunk);
    if (chosen >= 0 && shown[chosen] === packet) byId('explanation').replaceChildren(...pages[place % CHUNK].split('\n').map(makeLine));
  };

  // --- filters ------------------------------------------------------------------------------------

  const filters = { verdict: byId('by-verdict'), ctstate: byId('by-ctstate'), flow: byId('by-flow'), rule: byId('by-rule'), text: byId('by-text') };
  const option = (value, text) => make('option', { value }, text);
  const count = (column) => packets.reduce((counts, packet) => counts.set(packet[column], (counts.get(packet[column]) || 0) + 1), new Map());
  const fill = (select, names, column) => {
    const counts = count(column);
    select.append(option('', 'all'), ...names.map((name, i) => [i, name]).filter(([i]) => counts.has(i))
      .map(([i, name]) => option(i, `${name === 'NONE' || !i ? 'not IP' : name} (${counts.get(i)})`)));
  };
  fill(filters.verdict, words.verdicts, VERDICT);
  fill(filters.ctstate, words.ctstates.map((name) => name === 'NONE' ? '-' : name), CTSTATE);
  // A chain's policy is the rule with number 0, where a packet met it.
  const policyOf = (chain) => rules.findIndex((rule) => rule.number === 0 && rule.family === chain.family && rule.table === chain.table && rule.chain === chain.chain);
  filters.rule.append(option('', 'any'));
  for (const chain of chains)
    filters.rule.append(...[...chain.rules, policyOf(chain)].filter((i) => i >= 0).map((i) => option(i, `${ruleName(rules[i])}: ${rules[i].text}`)));

  const filter = () => {
    const verdict = filters.verdict.value, ctstate = filters.ctstate.value, flow = Number(filters.flow.value.replace('#', ''));
    const rule = filters.rule.value, text = filters.text.value.trim().toLowerCase();
    const before = chosen >= 0 ? shown[chosen] : null;
    shown = packets.filter((packet) => (verdict === '' || packet[VERDICT] === Number(verdict)) &&
      (ctstate === '' || packet[CTSTATE] === Number(ctstate)) && (!flow || packet[ENTRY] === flow) &&
      (rule === '' || packet[MATCHED].includes(Number(rule)) || packet[DECIDED] === Number(rule)) &&
      (!text || packet[WORDS].toLowerCase().includes(text) || (packet[LEFT_AS] && packet[LEFT_AS].includes(text))));
    chosen = before ? shown.indexOf(before) : -1;
    byId('count').textContent = shown.length === packets.length ? `${packets.length} packets` : `${shown.length} of ${packets.length} packets`;
    rows.style.height = shown.length * ROW_H + 'px';
    list.scrollTop = chosen >= 0 ? chosen * ROW_H : 0;
    for (const button of document.querySelectorAll('.rule')) button.setAttribute('aria-pressed', button.dataset.rule === rule);
    drawRows();
  };
  for (const input of Object.values(filters)) input.addEventListener('input', filter);
  const clear = () => { for (const input of Object.values(filters)) input.value = ''; filter(); };
  byId('clear').addEventListener('click', clear);
  byId('filters').addEventListener('submit', (event) => event.preventDefault());

  // --- the table at a moment ----------------------------------------------------------------------

  const slider = byId('slider');
  let moment = 0;
  const showEntry = (entry, time) => {
    const [since, deadline, state, status] = entry.moments[Math.max(0, placeOf(entry.moments, time, (one) => one[0]))];
    const isGone = entry.to <= time, left = Math.max(0, Math.floor((deadline - time) / 1e6));
    const row = make('tr', { className: isGone ? 'gone' : since === time ? 'changed' : '' });
    const button = make('button', { type: 'button', title: 'the packets of this flow' }, '#' + entry.id);
    button.addEventListener('click', () => { filters.flow.value = entry.id; filter(); });
    const flow = make('td', { className: 'flow' }, entry.flow);
    if (status & TRANSLATED) flow.append(make('small', {}, 'replies come as ' + entry.replies.replace(/^\S+ /, '')));
    row.append(make('td', {}, button), flow,
      make('td', {}, stateWords(state, status)), make('td', { className: 'left' }, isGone ? entry.expired ? 'expires' : 'ends' : left + ' s'),
      make('td', { className: 'muted' }, statusWords(status)));
    return row;
  };
  const drawTable = () => {
    const time = moments.length ? moments[moment] : 0;
    // What ends at this moment is shown once more.
    const live = lives.filter((entry) => entry.from <= time && entry.to >= time && entry.moments.length);
    const last = placeOf(packets, time, (packet) => packet[TIME]);
    byId('entries').replaceChildren(...live.slice(0, MOST_ENTRIES).map((entry) => showEntry(entry, time)));
    byId('occupancy').textContent = countWords(live.filter((entry) => entry.to > time).length, 'entry', 'entries') +
      (live.length > MOST_ENTRIES ? `, the first ${MOST_ENTRIES} are shown` : '');
    byId('moment').textContent = `at ${seconds(time)} s` +
      (last < 0 ? ', before the first packet' : `, after packet ${packets[last][NUMBER]}: ${packets[last][WORDS]}`);
    slider.setAttribute('aria-valuetext', byId('moment').textContent);
  };
  const setMoment = (place, isFromList) => {
    moment = Math.max(0, Math.min(moments.length - 1, place));
    slider.value = moment;
    if (!byId('table').hidden || !isFromList) drawTable();
  };
  slider.max = Math.max(0, moments.length - 1);
  slider.addEventListener('input', () => setMoment(Number(slider.value)));
  byId('first').addEventListener('click', () => setMoment(0));
  byId('back').addEventListener('click', () => setMoment(moment - 1));
  byId('forth').addEventListener('click', () => setMoment(moment + 1));
  byId('last').addEventListener('click', () => setMoment(moments.length - 1));

  // --- rules --------------------------------------------------------------------------------------

  // What came of a rule, as `ctreplay coverage` has it: in words, beside its text.
  const COVERAGE = {
    matched: ['matched', () => ''],
    unmatched: ['not matched', (rule) => `not matched: ${countWords(rule.tried, 'packet', 'packets')} came to it`],
    unreached: ['not reached', () => 'not reached: no packet came to it'],
    useless: ['can never match', (rule) => rule.finding],
  };
  const coverageOf = (rule) => rule.packets ? 'matched' : rule.useless ? 'useless' : rule.tried ? 'unmatched' : 'unreached';
  // { i: the rule's number, or a policy's, -1 where no packet met it; text, packets, bytes; place; status and note of a rule }
  const makeRule = (line, most) => {
    const button = make('button', { type: 'button', className: `rule ${line.status || 'policy'}`, disabled: line.i < 0 },
      make('b', {}, String(line.packets)), make('code', {}, line.text));
    if (line.packets) {
      const bar = make('i', { className: 'bar' });
      bar.style.width = `${Math.max(0.5, 100 * line.packets / most)}%`;
      button.append(bar);
    }
    if (line.note) button.append(make('small', {}, line.note));
    button.dataset.rule = line.i;
    button.title = `${countWords(line.packets, 'packet', 'packets')}, ${line.bytes} bytes${line.place}`;
    button.setAttribute('aria-pressed', false);
    button.addEventListener('click', () => { filters.rule.value = filters.rule.value === String(line.i) ? '' : line.i; filter(); });
    return button;
  };
  const drawCoverage = () => {
    const all = chains.flatMap((chain) => chain.rules.map((i) => coverageOf(rules[i])));
    if (!all.length) return;
    byId('rules').append(make('p', { id: 'coverage' }, `${countWords(all.length, 'rule', 'rules')}: `,
      ...Object.entries(COVERAGE).map(([status, [name]]) => make('span', { className: `key ${status}` }, `${all.filter((one) => one === status).length} ${name}`))));
  };
  const drawRules = () => {
    const most = Math.max(1, ...rules.map((rule) => rule.packets), ...chains.map((chain) => chain.packets));
    drawCoverage();
    for (const chain of chains) {
      byId('rules').append(make('h2', {}, `${chain.family} ${chain.table} ${chain.chain}`));
      if (!chain.policy && !chain.entered) byId('rules').append(make('p', { className: 'muted' }, 'No packet came to this chain.'));
      for (const i of chain.rules) {
        const rule = rules[i], status = coverageOf(rule), note = COVERAGE[status][1](rule) || rule.finding;
        byId('rules').append(makeRule({ i, status, note, text: rule.text + (rule.simulated ? '' : '  (not simulated)'),
          packets: rule.packets, bytes: rule.bytes, place: `; ${rule.file}:${rule.line}` }, most));
      }
      if (chain.policy)
        byId('rules').append(makeRule({ i: policyOf(chain), text: `policy ${chain.policy}`, packets: chain.packets, bytes: chain.bytes, place: '' }, most));
    }
    if (!chains.length) byId('rules').append(make('p', {}, 'There are no rules: every packet is accepted.'));
  };

  // --- tabs, diagrams, warnings -------------------------------------------------------------------

  const tabs = [...byId('tabs').children];
  const showTab = (tab, takesFocus) => {
    for (const other of tabs) {
      other.setAttribute('aria-selected', other === tab);
      other.tabIndex = other === tab ? 0 : -1;
      byId(other.getAttribute('aria-controls')).hidden = other !== tab;
    }
    if (takesFocus) tab.focus();
    if (tab.id === 'tab-table') drawTable();
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => showTab(tab));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) showTab(tabs[(i + step + tabs.length) % tabs.length], true);
    });
  });
  const drawings = [...document.querySelectorAll('template.diagram')];
  const drawDiagram = () => byId('drawing').replaceChildren(drawings[byId('kind').selectedIndex].content.cloneNode(true));
  byId('kind').append(...drawings.map((drawing) => option(drawing.dataset.name, `${drawing.dataset.name}: ${drawing.dataset.summary}`)));
  byId('kind').addEventListener('input', drawDiagram);

  const tellWarnings = () => {
    const told = [...warnings];
    if (summary.backwards) told.push(`Time ran backwards before ${summary.backwards} packets, which were taken to come right after the one before.`);
    if (summary.cut) told.push(`${summary.cut} packets were cut short by the capture: rules saw only what is there.`);
    if (summary.unsimulated) told.push(`${summary.unsimulated} verdicts depend on rules that could not be simulated.`);
    byId('warnings').append(...(told.length ? told.map((text) => make('p', {}, text)) : [make('p', {}, 'There are none.')]));
    if (told.length) byId('tab-warnings').textContent = `Warnings (${told.length})`;
  };
  const tellSummary = () => {
    const item = (number, text, name) => make('li', {}, make('b', { className: name || '' }, String(number)), ' ' + text);
    const verdicts = count(VERDICT);
    byId('title').textContent = about.capture || 'ctreplay';
    document.title = `${about.capture || 'capture'} - ctreplay report`;
    byId('about').textContent = [about.start && 'first packet at ' + about.start, about.host, (about.tables || []).join(', ') || 'no rules'].filter(Boolean).join(' · ');
    byId('summary').append(item(packets.length, 'packets'),
      ...words.verdicts.map((name, i) => [name, verdicts.get(i)]).slice(1).filter(([, n]) => n).map(([name, n]) => item(n, name, name)),
      item(summary.created || 0, 'entries'), item(summary.expired || 0, 'expired'), item(summary.live || 0, 'still there'));
  };

  // --- keys ---------------------------------------------------------------------------------------

  const nextLost = () => {
    for (let place = chosen + 1; place < shown.length; place++)
      if (words.verdicts[shown[place][VERDICT]] === 'DROP' || words.verdicts[shown[place][VERDICT]] === 'REJECT') return choose(place);
  };
  const toggleFlow = () => {
    filters.flow.value = filters.flow.value || chosen < 0 || !shown[chosen][ENTRY] ? '' : shown[chosen][ENTRY];
    filter();
  };
  const everywhere = {
    n: () => choose(chosen + 1), p: () => choose(chosen - 1), d: nextLost, f: toggleFlow, '/': () => filters.text.focus(), Escape: clear,
    ...Object.fromEntries(tabs.map((tab, i) => [String(i + 1), () => showTab(tab)])),
  };
  const page = () => Math.max(1, Math.floor(list.clientHeight / ROW_H) - 1);
  const inList = {
    ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), PageDown: () => choose(chosen + page()),
    PageUp: () => choose(chosen - page()), Home: () => choose(0), End: () => choose(shown.length - 1),
    Enter: () => { showTab(tabs[0]); byId('why').focus(); },
  };
  document.addEventListener('keydown', (event) => {
    const isTyping = /^(INPUT|SELECT)$/.test(event.target.tagName) && event.target.type !== 'range';
    const act = (event.target === list && inList[event.key]) || ((!isTyping || event.key === 'Escape') && everywhere[event.key]);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  tellSummary();
  tellWarnings();
  drawRules();
  drawDiagram();
  filter();
  choose(Math.max(0, packets.findIndex((packet) => packet[VERDICT])));
})();
