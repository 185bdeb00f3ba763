/** The built-in classification labels, least first: their ids are in founding statements and in records. */
export const labels = ['biasa', 'terbatas'] as const;

export type ClassificationLabel = (typeof labels)[number];

/** Whether it is one of ours; a record may name a label of a later version. */
export function isLabel(id: string): id is ClassificationLabel {
  return (labels as readonly string[]).includes(id);
}
