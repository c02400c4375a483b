/** The names that vitest's `--project` arguments give, empty if there are none: then all projects run. */
export function selectedProjects(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    const next = args[index + 1];
    return arg === '--project' && next !== undefined ? [next] : [];
  });
}

/**
 * Says whether vitest runs a project, given the selection: empty means all, `*` stands for any
 * letters, and a leading `!` for all others.
 */
export function isSelected(project: string, selection: readonly string[]): boolean {
  if (selection.length === 0) return true;
  return selection.some((pattern) => {
    const isNegated = pattern.startsWith('!');
    const letters = (isNegated ? pattern.slice(1) : pattern).replaceAll('*', '.*');
    return new RegExp(`^${letters}$`).test(project) !== isNegated;
  });
}
