import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

/** Where `npm start` serves signalling, for the development server to pass on. */
const SERVER = 'http://localhost:3000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Assets are found relative to <base>, which the server rewrites when it serves below a path.
  base: './',
  plugins: [
    react(),
    // The server sends these files as they are, so that it never has to compress.
    compression({
      include: /\.(js|css|html|svg|json|webmanifest)$/,
      exclude: /\.vite\//,
      threshold: 512,
      algorithms: [defineAlgorithm('brotliCompress'), defineAlgorithm('gzip', { level: 9 })],
    }),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // Browsers of the last two years; they preload modules themselves, and know light-dark(), nesting and popovers.
    target: ['chrome123', 'firefox125', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The admin page is a page of its own: nobody else loads anything of it.
      input: ['index.html', 'admin.html'],
      output: {
        // What every page needs and what only releases of others change: one file, kept by browsers over updates.
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules\/(react|react-dom|scheduler)\//,
              priority: 2,
            },
            { name: 'first', tags: ['$initial'], test: /\/(app\/[^/]+\/|lucide-react\/)/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/socket.io': { target: SERVER, ws: true }, '/api': SERVER },
  },
});
