/** A series to be stored: labels with `__name__`, samples oldest first. */
export interface Written {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

/** Stores series in a Prometheus that was started with `--web.enable-remote-write-receiver`. */
export async function remoteWrite(url: string, series: readonly Written[]): Promise<void> {
  for (let at = 0; at < series.length; at += 2_000) {
    const reply = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' },
      body: snappy(Buffer.concat(series.slice(at, at + 2_000).map((one) => field(1, timeSeries(one))))),
    });
    if (!reply.ok) throw new Error(`Prometheus refused a write: ${reply.status} ${await reply.text()}`);
  }
}

function timeSeries({ labels, samples }: Written): Buffer {
  const names = Object.keys(labels).sort();
  return Buffer.concat([
    ...names.map((name) => field(1, Buffer.concat([text(1, name), text(2, labels[name] ?? '')]))),
    ...samples.map(([atMs, value]) => field(2, sample(atMs, value))),
  ]);
}

function sample(atMs: number, value: number): Buffer {
  const double = Buffer.alloc(9);
  double[0] = (1 << 3) | 1;
  double.writeDoubleLE(value, 1);
  return Buffer.concat([double, Buffer.from([2 << 3]), varint(atMs)]);
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** Snappy's block format with literals only: nothing is compressed. */
function snappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    parts.push(Buffer.from([61 << 2, (part.length - 1) & 255, (part.length - 1) >> 8]), part);
  }
  return Buffer.concat(parts);
}
