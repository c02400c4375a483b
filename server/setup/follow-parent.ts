// Loaded before a step and before the server (`node --import`): stops the process when its parent is gone without
// having told so, as after SIGKILL. Otherwise a server that nobody sees would keep the ports.

const CHECK_INTERVAL_MS = 1000;

const parent = process.ppid;

const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, CHECK_INTERVAL_MS);
watch.unref();
