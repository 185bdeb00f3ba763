using System.Runtime.CompilerServices;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// Runs jobs through lanes. A lane that is through with its packet takes the next at once, so that short packets between long
/// ones leave no lane idle; what it does is decided by lengths only, never by keys or content.
/// </summary>
internal static unsafe class HmacSha1Lanes<TLanes>
    where TLanes : struct, ISha1Lanes
{
    private enum Phase : byte
    {
        /// <summary>No job: the lane hashes a block that nobody asks for, and stays on it.</summary>
        Idle,
        Whole,
        Rest,
        Outer,
    }

    /// <summary>Computes all tags and writes them behind their messages.</summary>
    /// <param name="jobs">The jobs, prepared.</param>
    /// <param name="count">How many.</param>
    /// <param name="room">Working room of <see cref="Sha1Lanes.RoomLength"/> bytes, aligned to 64.</param>
    [SkipLocalsInit]
    public static void Run(HmacJob* jobs, int count, byte* room)
    {
        var words = (uint*)room;
        var states = words + Sha1Lanes.ScheduleWords * TLanes.Count;
        var idleBlock = (byte*)(states + Sha1.StateWords * TLanes.Count);
        var lanes = stackalloc Lane[Sha1Lanes.Most];
        // Apart from the rest of a lane, because the compression reads them in a row.
        var blocks = stackalloc byte*[Sha1Lanes.Most];
        var end = jobs + count;
        var active = 0;
        for (var i = 0; i < TLanes.Count; i++)
        {
            blocks[i] = idleBlock;
            lanes[i] = default;
            if (Begin(ref lanes[i], ref blocks[i], ref jobs, end, states + i)) active++;
        }

        while (active > 0)
        {
            var shortest = int.MaxValue;
            for (var i = 0; i < TLanes.Count; i++) shortest = lanes[i].Phase == Phase.Idle ? shortest : Math.Min(shortest, lanes[i].Left);
            for (var block = 0; block < shortest; block++)
            {
                TLanes.Compress(states, blocks, words);
                for (var i = 0; i < TLanes.Count; i++) blocks[i] += lanes[i].Step;
            }

            for (var i = 0; i < TLanes.Count; i++)
            {
                if (lanes[i].Phase == Phase.Idle) continue;
                lanes[i].Left -= shortest;
                if (lanes[i].Left > 0 || Continue(ref lanes[i], ref blocks[i], states + i)) continue;
                lanes[i].Job->Finish(states + i, TLanes.Count);
                lanes[i] = default;
                blocks[i] = idleBlock;
                if (!Begin(ref lanes[i], ref blocks[i], ref jobs, end, states + i)) active--;
            }
        }
    }

    /// <summary>Gives an idle lane the next job; false if there is none.</summary>
    private static bool Begin(ref Lane lane, ref byte* block, ref HmacJob* next, HmacJob* end, uint* state)
    {
        if (next == end) return false;
        lane.Job = next++;
        lane.Step = Sha1.BlockLength;
        lane.Job->LoadInner(state, TLanes.Count);
        (lane.Phase, lane.Left) = lane.Job->WholeBlocks > 0 ? (Phase.Whole, lane.Job->WholeBlocks) : (Phase.Rest, lane.Job->RestBlocks);
        block = lane.Phase == Phase.Whole ? lane.Job->Message : lane.Job->Rest;
        return true;
    }

    /// <summary>The next blocks of the lane's job; false if it is through.</summary>
    private static bool Continue(ref Lane lane, ref byte* block, uint* state)
    {
        if (lane.Phase == Phase.Outer) return false;
        if (lane.Phase == Phase.Rest) lane.Job->BeginOuter(state, TLanes.Count);
        (lane.Phase, lane.Left) = lane.Phase == Phase.Whole ? (Phase.Rest, lane.Job->RestBlocks) : (Phase.Outer, 1);
        block = lane.Job->Rest;
        return true;
    }

    private struct Lane
    {
        public HmacJob* Job;

        /// <summary>Bytes from one block to the next.</summary>
        public nint Step;

        /// <summary>Blocks of this phase.</summary>
        public int Left;

        public Phase Phase;
    }
}
