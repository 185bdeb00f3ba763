import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ViewItem } from '../../signaling/contract';
import { identityOf, turnOf } from '../../state/encryption';
import { gridCapacity, gridLayout, speakerLayout, type Rect } from '../../state/layout';
import { seatOf } from '../../state/room';
import { arrange, stageTile, tilesOf, viewOf, type Tile as TileInfo } from '../../state/tiles';
import { IconButton, TextButton } from '../parts/Controls';
import { useSize } from '../parts/hooks';
import { ShareLink } from '../parts/ShareLink';
import type { RoomModel } from './model';
import styles from './Stage.module.css';
import { Tile } from './Tile';

interface StageProps {
  model: RoomModel;
  layout: 'grid' | 'speaker';
  onView(view: ViewItem[]): void;
  onFrame(): void;
  onCopyLink(): void;
}

interface Placed {
  tile: TileInfo;
  rect: Rect;
}

export function Stage({ model, layout, onView, onFrame, onCopyLink }: StageProps) {
  const { t } = useTranslation();
  const [measure, size] = useSize();
  const [page, setPage] = useState(0);
  const [pinned, setPinned] = useState<string | null>(null);
  const { roster, self, speakers } = model.room;
  const tiles = useMemo(() => (roster === null ? [] : tilesOf(roster, self)), [roster, self]);
  const placement = usePlacement(tiles, speakers, self, layout, size, page, pinned);
  const { placed, pages } = placement;
  const shownPage = Math.min(page, pages - 1);

  useEffect(() => {
    if (size.width > 0) onView(viewOf(placed, self, window.devicePixelRatio, pinned));
  }, [placed, self, size.width, pinned, onView]);

  const alone = roster !== null && roster.participants.length === 1;
  return (
    <main className={styles.stage} aria-label={t('room.stage')}>
      <div className={styles.area} ref={measure} role="list" data-testid="room-stage">
        {placed.map(({ tile, rect }, index) => {
          const participant = roster!.participants.find(candidate => candidate.id === tile.participantId)!;
          const identity = identityOf(model.encryption, participant);
          const seat = seatOf(model.room.seats, tile.participantId, tile.source);
          return (
            <Tile
              key={tile.key}
              tile={tile}
              rect={rect}
              participant={participant}
              identity={identity}
              turn={turnOf(model.encryption, identity.leaf)}
              isSelf={tile.participantId === self}
              seat={seat}
              stream={seat === null ? null : model.videoOf(seat)}
              local={model.local}
              speaking={tile.source === 'camera' && model.speaking.has(tile.participantId)}
              floating={placement.floating === index}
              pinned={pinned === tile.key}
              onPin={() => setPinned(pinned === tile.key ? null : tile.key)}
              onFrame={onFrame}
            />
          );
        })}
      </div>
      {alone && (
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
      )}
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

interface Placement {
  placed: Placed[];
  pages: number;
  /** Index of the tile that floats over the stage; -1: none. */
  floating: number;
}

/** Which tile goes where. Remembers the order and who was on stage, so that tiles move only when they must. */
function usePlacement(
  tiles: TileInfo[], speakers: readonly string[], self: string | null, layout: 'grid' | 'speaker',
  size: { width: number; height: number }, page: number, pinned: string | null,
): Placement {
  const order = useRef<string[]>([]);
  const onStage = useRef<string | null>(null);
  return useMemo(() => {
    const byKey = new Map(tiles.map(tile => [tile.key, tile]));
    const screens = tiles.filter(tile => tile.source === 'screen').map(tile => tile.key);
    const hasStage = layout === 'speaker' || screens.length > 0 || pinned !== null;
    if (!hasStage || tiles.length < 2) {
      const capacity = gridCapacity(size);
      order.current = arrange(order.current, tiles.map(tile => tile.key), speakers, capacity, self);
      const pages = Math.max(1, Math.ceil(order.current.length / capacity));
      const start = Math.min(page, pages - 1) * capacity;
      const keys = order.current.slice(start, start + capacity);
      const rects = gridLayout(keys.length, size);
      return { placed: pair(keys, rects, byKey), pages, floating: -1 };
    }
    const stage = stageTile(tiles, speakers, self, pinned, onStage.current);
    onStage.current = stage?.key ?? null;
    const rest = tiles.filter(tile => tile.key !== stage?.key).map(tile => tile.key);
    const room = speakerLayout(rest.length, size);
    const others = arrange(order.current, tiles.map(tile => tile.key), speakers, room.strip.length + 1, self);
    order.current = others;
    const strip = others.filter(key => key !== stage?.key).slice(0, room.strip.length);
    const keys = stage === null ? strip : [stage.key, ...strip];
    return { placed: pair(keys, [room.stage, ...room.strip], byKey), pages: 1, floating: room.strip.length === 1 && rest.length === 1 ? 1 : -1 };
  }, [tiles, speakers, self, layout, size, page, pinned]);
}

function pair(keys: readonly string[], rects: readonly Rect[], byKey: ReadonlyMap<string, TileInfo>): Placed[] {
  return keys.flatMap((key, index) => {
    const tile = byKey.get(key);
    const rect = rects[index];
    return tile === undefined || rect === undefined ? [] : [{ tile, rect }];
  });
}
