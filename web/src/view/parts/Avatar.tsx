import { colorOf, initialsOf } from '../../state/names';
import styles from './Avatar.module.css';

/** Initials on a colour that stays the same for the same id. */
export function Avatar({ id, name }: { id: string; name: string }) {
  return (
    <span className={`${styles.avatar} ${styles[`c${colorOf(id)}`]}`} aria-hidden="true">
      <span>{initialsOf(name)}</span>
    </span>
  );
}

/** A face without a picture, filling its container: the avatar on a wash of its colour. */
export function AvatarFace({ id, name }: { id: string; name: string }) {
  return <div className={`${styles.wash} ${styles[`c${colorOf(id)}`]}`}><Avatar id={id} name={name} /></div>;
}
