/** The names that vitest's `--project` arguments give, empty if there are none: then all projects run. */
export function selectedProjects(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    const next = args[index + 1];
    return arg === '--project' && next !== undefined ? [next] : [];
  });
}
