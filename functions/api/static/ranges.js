// Ascending numbers as the API takes them: 1-3,7.
export function ranges(pages) {
  const found = [];
  for (const one of pages) {
    if (found.at(-1)?.[1] === one - 1) found.at(-1)[1] = one;
    else found.push([one, one]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
