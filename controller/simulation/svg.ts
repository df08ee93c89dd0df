import { compact } from './chart.ts';
import { type Column, columnAt, type Panel, panelsOf, replicasOf } from './columns.ts';
import type { Simulated } from './simulate.ts';
import { maximum } from './sums.ts';

const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [560, 110, 56, 34, 34];
const COLOURS = { violated: '#f9d4d0', unknown: '#ececec', met: '' };

/** Charts beside each other, each under its title: a panel for each guarantee and one for the replicas. Pure. */
export function svgOf(charts: readonly { readonly title: string; readonly simulated: Simulated }[]): string {
  const drawn = charts.map(({ title, simulated }, at) => chartOf(title, simulated, at * (LEFT + WIDTH + 24)));
  const width = charts.length * (LEFT + WIDTH + 24);
  const height = maximum(drawn.map((one) => one.height));
  const style = 'font-family="system-ui, sans-serif" font-size="12" fill="#333"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${style}>`,
    `<title>What would have been decided by ${escaped(charts.map(({ title }) => title).join(' and '))}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...drawn.flatMap(({ lines }) => lines),
    '</svg>\n',
  ].join('\n');
}

function chartOf(title: string, simulated: Simulated, x: number): { readonly lines: readonly string[]; readonly height: number } {
  const replicas = replicasOf(simulated, WIDTH);
  const panels = panelsOf(simulated, WIDTH);
  const most = maximum(replicas);
  const columns = replicas.map((value) => ({ value, state: 'met' as const }));
  const all = [...panels, { guarantee: 'replicas', columns, limit: undefined, least: 0, most }];
  const bottom = TOP + all.length * (HEIGHT + GAP);
  const [from, to] = [simulated.fromMs, simulated.toMs].map((atMs) => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  const lines = [
    `<g transform="translate(${x + LEFT} 0)">`,
    text(0, 18, title, 'font-weight="bold" font-size="14"'),
    ...all.flatMap((panel, at) => panelOf(panel, TOP + GAP / 2 + at * (HEIGHT + GAP))),
    ...simulated.decisions.map((one, at) => mark(columnAt(simulated, one.atMs, WIDTH), bottom - GAP / 2, one, at % 2)),
    text(0, bottom + 22, `${from}`),
    text(WIDTH, bottom + 22, `${to}`, 'text-anchor="end"'),
    '</g>',
  ];
  return { lines, height: bottom + 34 };
}

function panelOf({ guarantee, columns, limit, least, most }: Panel, y: number): readonly string[] {
  const scaled = (value: number) => Number((y + HEIGHT - (most === least ? 0 : ((value - least) / (most - least)) * HEIGHT)).toFixed(1));
  const dashed = 'stroke="#c0392b" stroke-dasharray="4 3"';
  return [
    text(0, y - 5, guarantee, 'font-weight="bold"'),
    ...shades(columns, y),
    `<path d="M0 ${y}V${y + HEIGHT}H${WIDTH}" fill="none" stroke="#999"/>`,
    text(-6, y + 10, compact(most), 'text-anchor="end"'),
    text(-6, y + HEIGHT, compact(least), 'text-anchor="end"'),
    ...(limit === undefined
      ? []
      : [
          `<path d="M0 ${scaled(limit)}H${WIDTH}" ${dashed}/>`,
          text(WIDTH, scaled(limit) - 4, `limit ${compact(limit)}`, 'text-anchor="end" fill="#c0392b"'),
        ]),
    `<path d="${lineOf(columns, scaled)}" fill="none" stroke="#1f6fb2" stroke-width="1.5"/>`,
  ];
}

/** Behind the line, where a promise was broken or nothing was known. */
function shades(columns: readonly Column[], y: number): readonly string[] {
  const rects: string[] = [];
  for (let from = 0; from < columns.length; ) {
    const state = columns[from]?.state ?? 'met';
    const end = columns.findIndex((column, at) => at > from && column.state !== state);
    const to = end === -1 ? columns.length : end;
    if (state !== 'met') rects.push(`<rect x="${from}" y="${y}" width="${to - from}" height="${HEIGHT}" fill="${COLOURS[state]}"/>`);
    from = to;
  }
  return rects;
}

/** Steps from value to value, with gaps where it is unknown. */
function lineOf(columns: readonly Column[], scaled: (value: number) => number): string {
  return [...columns, { value: undefined }]
    .map(({ value }, x) => {
      const before = columns[x - 1]?.value;
      if (value === before) return '';
      if (value === undefined) return `H${x}`;
      return before === undefined ? `M${x} ${scaled(value)}` : `H${x}V${scaled(value)}`;
    })
    .join('');
}

/** @param row neighbours stand below each other. */
function mark(x: number, y: number, { from, to }: { readonly from: number; readonly to: number }, row: number): string {
  const label = text(x, y + 11 + row * 11, `${from} → ${to}`, 'text-anchor="middle" font-size="10"');
  return `<path d="M${x} ${y}v-${HEIGHT}" stroke="#666" stroke-dasharray="2 2"/>${label}`;
}

function text(x: number, y: number, said: string, more = ''): string {
  return `<text x="${x}" y="${y}"${more === '' ? '' : ` ${more}`}>${escaped(said)}</text>`;
}

function escaped(said: string): string {
  return said.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
