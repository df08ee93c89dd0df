/** What git and the remote said in their own words, one line, without what would play tricks on a terminal; at most 600 characters. */
export function said(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.replace(/\p{Cc}\[[0-9;]*[A-Za-z]|\p{Cc}/gu, '').trim());
  const told = lines
    .filter((line) => !line.includes('dumping crash report'))
    .filter((line) => /^(fatal|error|remote|ssh|warning|!)\b|: /i.test(line))
    .map((line) => line.replace(/^(fatal|error|remote): */i, ''));
  const text = (told.length > 0 ? told : lines)
    .filter(Boolean)
    .join('; ')
    .replace(/\/\/[^\s/]*@/g, '//***@');
  return text === '' ? 'git gave no reason' : text.slice(0, 600);
}
