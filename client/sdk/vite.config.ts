import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Builds the package: two entries, with the libraries left to whoever bundles the app. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    target: 'es2023',
    lib: { entry: { index: 'index.ts', devices: 'devices.ts' }, formats: ['es'] },
    rolldownOptions: { external: [/^mediasoup-client($|\/)/, 'socket.io-client'] },
  },
});
