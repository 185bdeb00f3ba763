import { Checkbox } from 'react-aria-components/Checkbox';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { useTranslation } from 'react-i18next';
import { layouts, pageSizes, type LayoutChoice } from '../../state/roomPreferences';
import { useStore } from '../../state/store';
import { Choice } from '../parts/Choice';
import { TextButton } from '../parts/Controls';
import { Icon, type IconName } from '../parts/Icon';
import styles from './LayoutOptions.module.css';
import { PopoverButton } from './PopoverButton';
import { preferInRoom, roomPreferences } from './roomPreferences';
import type { FullScreen } from './useFullScreen';

const layoutIcons: Readonly<Record<LayoutChoice, IconName>> = { auto: 'layoutAuto', grid: 'grid', speaker: 'speakerLayout', side: 'layoutSide' };

export interface LayoutOptionsProps {
  fullScreen: FullScreen;
  /** Opens the small window; null where the browser has none. */
  onSmallWindow: (() => void) | null;
  /** Something was chosen that leaves the options. */
  onDone(): void;
}

/** How the room is shown, for this person alone; remembered. */
export function LayoutOptions({ fullScreen, onSmallWindow, onDone }: LayoutOptionsProps) {
  const { t } = useTranslation();
  const { layout, pageSize, hideSelf, hideWithoutVideo } = useStore(roomPreferences);
  const done = (act: () => void) => () => {
    onDone();
    act();
  };
  return (
    <div className={styles.options}>
      <RadioGroup aria-label={t('layout.choose')} className={styles.layouts!} value={layout} onChange={value => preferInRoom({ layout: layouts.find(known => known === value) ?? 'auto' })}>
        {layouts.map(choice => (
          <Radio key={choice} value={choice} className={styles.layout!} data-testid={`layout-${choice}`}>
            <Icon name={layoutIcons[choice]} />
            <span><b>{t(`layout.${choice}`)}</b><small>{t(`layout.${choice}Text`)}</small></span>
          </Radio>
        ))}
      </RadioGroup>
      <div className={styles.row}>
        <span>{t('layout.pageSize')}</span>
        <Choice
          label={t('layout.pageSize')} testId="layout-page-size" selected={String(pageSize)} empty=""
          options={pageSizes.map(size => ({ id: String(size), label: size === 0 ? t('layout.fitting') : String(size) }))}
          onChoose={id => preferInRoom({ pageSize: pageSizes.find(size => String(size) === id) ?? 0 })}
        />
      </div>
      <Check label={t('layout.hideSelf')} testId="layout-hide-self" isSelected={hideSelf} onChange={value => preferInRoom({ hideSelf: value })} />
      <Check label={t('layout.hideWithoutVideo')} testId="layout-hide-without-video" isSelected={hideWithoutVideo} onChange={value => preferInRoom({ hideWithoutVideo: value })} />
      {(fullScreen.isOffered || onSmallWindow !== null) && (
        <div className={styles.buttons}>
          {fullScreen.isOffered && (
            <TextButton small look="quiet" icon="fullScreen" data-testid="layout-full-screen" onPress={done(() => fullScreen.toggle())}>
              {t(fullScreen.isOn ? 'layout.leaveFullScreen' : 'layout.fullScreen')}
            </TextButton>
          )}
          {onSmallWindow !== null && <TextButton small look="quiet" icon="smallWindow" data-testid="layout-pip" onPress={done(onSmallWindow)}>{t('layout.pip')}</TextButton>}
        </div>
      )}
    </div>
  );
}

/** The options behind a button of the toolbar. */
export function LayoutButton(props: Omit<LayoutOptionsProps, 'onDone'>) {
  const { t } = useTranslation();
  const { layout } = useStore(roomPreferences);
  return (
    <PopoverButton icon={layoutIcons[layout]} label={t('layout.title')} testId="room-layout" className={styles.popover}>
      {close => <LayoutOptions {...props} onDone={close} />}
    </PopoverButton>
  );
}

interface CheckProps {
  label: string;
  note?: string;
  testId: string;
  isSelected: boolean;
  onChange(value: boolean): void;
}

/** Something that is on or off, with what it means. */
export function Check({ label, note, testId, isSelected, onChange }: CheckProps) {
  return (
    <Checkbox className={styles.check!} isSelected={isSelected} onChange={onChange} data-testid={testId}>
      <span className={styles.box}>{isSelected && <Icon name="check" size={16} />}</span>
      <span>{label}{note !== undefined && <small>{note}</small>}</span>
    </Checkbox>
  );
}
