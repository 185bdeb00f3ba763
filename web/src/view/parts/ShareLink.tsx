import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LinkKind } from '../../e2ee/link';
import { TextButton } from './Controls';
import { Icon } from './Icon';
import styles from './ShareLink.module.css';

/** The link to share, whole, and why it must stay whole. */
export function ShareLink({ url, kind }: { url: string; kind: LinkKind | null }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean | null>(null);
  const [plain, fragment] = split(url);
  const copy = () => void navigator.clipboard.writeText(url).then(() => setCopied(true), () => setCopied(false));
  return (
    <div className={styles.share}>
      <div className={styles.row}>
        <p className={styles.link} tabIndex={0} aria-label={`${t('share.label')}: ${url}`} role="textbox" aria-readonly="true" data-testid="share-link">{plain}<b>{fragment}</b></p>
        <TextButton small icon={copied === true ? 'check' : 'copy'} data-testid="share-copy" onPress={copy}>{t(copied === true ? 'share.copied' : 'share.copy')}</TextButton>
      </div>
      <p className="visually-hidden" aria-live="polite">{copied === true ? t('share.copied') : ''}</p>
      {copied === false && <p className={styles.failed} role="alert">{t('share.failed')}</p>}
      {kind !== null && <p className={styles.note}><Icon name={kind === 'encrypted' ? 'lock' : 'broadcast'} size={18} />{t(kind === 'encrypted' ? 'share.whole' : 'share.broadcast')}</p>}
    </div>
  );
}

/** The link up to its fragment, and the fragment with its sign. */
function split(url: string): [string, string] {
  const at = url.indexOf('#');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
}
