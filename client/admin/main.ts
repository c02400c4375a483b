/** Starts the admin page. All of it is loaded apart, so that nothing of it gets into what other pages load first. */
const { start } = await import('./start.tsx');
await start();
