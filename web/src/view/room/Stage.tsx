import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ViewItem } from '../../signaling/contract';
import { identityOf, moderates, turnOf, type TileIdentity } from '../../state/encryption';
import { noMemory, place, stageMaximum, tileOfLeaf, visibleTiles, type Placed, type PlacementMemory } from '../../state/placement';
import { seatOf } from '../../state/room';
import { useStore } from '../../state/store';
import { tilesOf, viewOf } from '../../state/tiles';
import { IconButton, TextButton } from '../parts/Controls';
import { useSize } from '../parts/hooks';
import { ShareLink } from '../parts/ShareLink';
import { elsewhere } from './breakout/elsewhere';
import { memberName } from './memberName';
import type { RoomActions, RoomModel } from './model';
import { roomPreferences } from './roomPreferences';
import styles from './Stage.module.css';
import { Tile } from './Tile';

interface StageProps {
  model: RoomModel;
  actions: Pick<RoomActions, 'together'>;
  onView(view: ViewItem[]): void;
  onFrame(): void;
  onCopyLink(): void;
}

const noLeaves: ReadonlyMap<string, number> = new Map();

export function Stage({ model, actions, onView, onFrame, onCopyLink }: StageProps) {
  const { t } = useTranslation();
  const [measure, size] = useSize();
  const [page, setPage] = useState(0);
  const [pins, setPins] = useState<readonly string[]>([]);
  const [screen, setScreen] = useState<string | null>(null);
  const { layout, pageSize, hideSelf, hideWithoutVideo, dataSaver } = useStore(roomPreferences);
  const { roster, self, speakers } = model.room;
  const { encryption, breakout } = model;
  const spotlight = tileOfLeaf(encryption?.spotlight ?? null, encryption?.leafOf ?? noLeaves);
  const all = useMemo(() => {
    const away = elsewhere(breakout, encryption, roster, Date.now());
    return roster === null ? [] : tilesOf(roster, self).filter(({ participantId }) => participantId === self || !away.has(participantId));
  }, [roster, self, breakout, encryption]);
  const tiles = useMemo(() => {
    const withVideo = new Set(roster?.participants.filter(({ media }) => media.camera).map(({ id }) => id));
    return visibleTiles(all, self, id => withVideo.has(id), { hideSelf, hideWithoutVideo, keep: new Set(spotlight === null ? pins : [...pins, spotlight]) });
  }, [all, roster, self, hideSelf, hideWithoutVideo, pins, spotlight]);
  const memory = useRef<PlacementMemory>(noMemory);
  const placement = useMemo(() => {
    const next = place({ tiles, speakers, self, size, layout, pageSize, page, pins, spotlight, screen }, memory.current);
    memory.current = next.memory;
    return next;
  }, [tiles, speakers, self, size, layout, pageSize, page, pins, spotlight, screen]);
  const { placed, pages, stage } = placement;
  const shownPage = Math.min(page, pages - 1);

  useEffect(() => {
    if (size.width > 0) onView(viewOf(placed, self, window.devicePixelRatio, stage, dataSaver));
  }, [placed, self, size.width, stage, dataSaver, onView]);

  const togglePin = (key: string) => setPins(before => (before.includes(key) ? before.filter(pin => pin !== key) : [...before, key].slice(-stageMaximum)));
  const { together } = actions;
  const mayShow = together !== null && moderates(encryption);
  const alone = roster !== null && roster.participants.length === 1;
  const hidden = all.length - tiles.length - (hideSelf && !alone ? 1 : 0);
  const tileOf = ({ tile, rect }: Placed, index: number) => {
    const participant = roster!.participants.find(candidate => candidate.id === tile.participantId)!;
    const identity = identityOf(encryption, participant);
    const seat = seatOf(model.room.seats, tile.participantId, tile.source);
    const isShown = tile.key === spotlight;
    return (
      <Tile
        key={tile.key}
        tile={tile}
        rect={rect}
        participant={participant}
        identity={identity}
        turn={turnOf(encryption, identity.leaf)}
        isSelf={tile.participantId === self}
        seat={seat}
        stream={seat === null ? null : model.videoOf(seat)}
        local={model.local}
        speaking={tile.source === 'camera' && model.speaking.has(tile.participantId)}
        floating={placement.floating === index}
        saver={dataSaver}
        reactions={tile.source === 'camera' ? model.reactions.floating.filter(({ leaf }) => leaf === identity.leaf) : []}
        pinned={pins.includes(tile.key)}
        onPin={() => togglePin(tile.key)}
        spotlit={isShown}
        onSpotlight={mayShow && tile.source === 'camera' && identity.leaf !== null ? () => together.spotlight(isShown ? null : identity.leaf) : null}
        onFrame={onFrame}
      />
    );
  };
  return (
    <main className={styles.stage} aria-label={t('room.stage')}>
      <ScreenChoice model={model} screens={all.filter(({ source }) => source === 'screen').map(({ key, participantId }) => ({ key, participantId }))} shown={stage[0] ?? null} onChoose={setScreen} />
      <div className={styles.area} ref={measure} role="list" data-testid="room-stage" data-layout={stage.length === 0 ? 'grid' : layout === 'side' ? 'side' : 'speaker'} data-stage={stage.join(' ')}>
        {placed.map(tileOf)}
      </div>
      {alone && <Alone model={model} onCopyLink={onCopyLink} />}
      {hidden > 0 && <p className={styles.hidden} data-testid="stage-hidden">{t('layout.hidden', { count: hidden })}</p>}
      {pages > 1 && (
        <nav className={styles.pages} aria-label={t('room.page', { page: shownPage + 1, pages })}>
          <IconButton icon="chevronLeft" look="filled" label={t('room.previousPage')} isDisabled={shownPage === 0} data-testid="room-page-previous" onPress={() => setPage(shownPage - 1)} />
          <span>{shownPage + 1} / {pages}</span>
          <IconButton icon="chevronRight" look="filled" label={t('room.nextPage')} isDisabled={shownPage === pages - 1} data-testid="room-page-next" onPress={() => setPage(shownPage + 1)} />
        </nav>
      )}
    </main>
  );
}

interface ScreenChoiceProps {
  model: RoomModel;
  screens: readonly { readonly key: string; readonly participantId: string }[];
  /** Key of what is on the stage. */
  shown: string | null;
  onChoose(key: string): void;
}

/** Where several share their screens, which of them to see. */
function ScreenChoice({ model, screens, shown, onChoose }: ScreenChoiceProps) {
  const { t } = useTranslation();
  if (screens.length < 2) return null;
  const nameOf = (id: string) => {
    const participant = model.room.roster!.participants.find(candidate => candidate.id === id)!;
    const identity: TileIdentity = identityOf(model.encryption, participant);
    return identity.name ?? (identity.leaf === null ? t('tile.unnamed') : memberName({ name: null, leaf: identity.leaf }, t));
  };
  return (
    <div className={styles.screens} role="group" aria-label={t('layout.screens')}>
      {screens.map(({ key, participantId }) => (
        <TextButton
          key={key} small look={key === shown ? 'primary' : 'quiet'} icon="screen" aria-pressed={key === shown} data-testid={`screen-${key}`} onPress={() => onChoose(key)}
        >
          {t('room.screenOf', { name: nameOf(participantId) })}
        </TextButton>
      ))}
    </div>
  );
}

function Alone({ model, onCopyLink }: { model: RoomModel; onCopyLink(): void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.alone} data-testid="room-alone">
      <p className={styles.aloneTitle}>{t('room.alone')}</p>
      {model.encryption === null
        ? (
          <>
            <p>{t('room.aloneText')}</p>
            <TextButton small icon="link" data-testid="room-alone-copy" onPress={onCopyLink}>{t('controls.copyLink')}</TextButton>
          </>
        )
        : (
          <>
            <p>{t('room.aloneWhole')}</p>
            <ShareLink url={model.meetingUrl} kind={model.kind} />
          </>
        )}
    </div>
  );
}
