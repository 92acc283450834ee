// Numbers, times and sizes for people.

const whole = new Intl.NumberFormat("en");

export const count = (number) => whole.format(number);

/** `1 picture`, `2 pictures`. */
export const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

/** `820 B`, `14.2 KB`, `3.1 MB`: powers of 1,000. */
export function bytes(number) {
  if (number < 1000) return `${Math.round(number)} B`;
  for (const unit of ["KB", "MB", "GB"]) {
    number /= 1000;
    if (number < 999.5 || unit === "GB") return `${short(number)} ${unit}`;
  }
}

/** `svg` of `image/svg+xml`. */
export const formatOf = ({ type }) => type.slice(6).replace("+xml", "");

/** `0.4 ms`, `32 ms`, `1.25 s`, `2 min 5 s`. */
export function milliseconds(number) {
  if (number < 1000) return `${short(number)} ms`;
  if (number < 60_000) return `${short(number / 1000)} s`;
  return seconds(number / 1000);
}

/** `12 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`. */
export function seconds(number) {
  const all = Math.max(0, Math.round(number));
  if (all < 60) return `${all} s`;
  const units = [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = units.findIndex(([size]) => all >= size);
  const [[size, name], [smaller, lesser]] = units.slice(first, first + 2);
  const rest = Math.floor((all % size) / smaller);
  return `${Math.floor(all / size)} ${name}${rest ? ` ${rest} ${lesser}` : ""}`;
}

/** Three significant digits at most. */
export function short(number) {
  if (number === 0) return "0";
  if (Math.abs(number) < 0.01) return "< 0.01";
  return String(Number(number.toPrecision(number >= 100 ? Math.ceil(Math.log10(number + 1)) : 3)));
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Takes ISO 8601, or milliseconds since 1970. */
export const timeOfDay = (time) => clock.format(new Date(time));

export const capitalized = (word) => word[0].toUpperCase() + word.slice(1);

/** The beginning of a text, on one line. */
export function excerpt(text, most) {
  const line = String(text).slice(0, 4 * most).replace(/\s+/g, " ").trim();
  return line.length > most ? line.slice(0, most - 1) + "…" : line;
}
