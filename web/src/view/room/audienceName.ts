import type { Audience } from '../../state/conversation';
import { memberName } from './memberName';

/** Whom a message is for, in words. @param audience null: all */
export function audienceName(audience: Audience | null, t: (key: string, values?: Record<string, unknown>) => string): string {
  if (audience === null) return t('private.all');
  return audience.type === 'moderators' ? t('private.moderators') : memberName(audience, t);
}
