/** Where the screen begins: mounts the app, with the style nonce that the host put into the page. */
import '@mantine/core/styles.css';
import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('assertion failed: index.html has no #root');

/** Browsers hide a nonce from the attribute; the property keeps it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? '';

createRoot(root).render(
  <StrictMode>
    <App styleNonce={nonce} />
  </StrictMode>,
);
