import type { MemberEntry } from '../../e2ee/mls/memberTypes';

/** The name that the certificate bears; a guest's that must not be shown is a number instead (docs/e2ee.md §18). */
export function memberName(member: Pick<MemberEntry, 'name' | 'leaf'>, t: (key: string, values: Record<string, unknown>) => string): string {
  return member.name ?? t('member.hidden', { leaf: member.leaf });
}
