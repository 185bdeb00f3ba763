using System.Runtime.InteropServices;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// Authentication tags that are still to be computed: AES_CM_128_HMAC_SHA1_80 spends most of its time on SHA-1, whose steps
/// wait for each other, and the packets of many receivers together keep the machine busy where one cannot. Packets are
/// encrypted at once and get their tags in <see cref="Complete"/>. Profiles and machines that gain nothing by it (GCM; no AVX2)
/// write the tag at once and leave the batch empty. Owned by one thread.
/// </summary>
public sealed unsafe class SrtpTagBatch : IDisposable
{
    /// <summary>Packets; the batch completes by itself when it is full. Four times the widest vector's lanes.</summary>
    public const int Capacity = 64;

    private readonly HmacSha1?[] _keys = new HmacSha1?[Capacity];
    private readonly int _lanes;
    private HmacJob* _jobs;
    private byte* _room;

    public SrtpTagBatch()
        : this(SrtpTiers.Default)
    {
    }

    internal SrtpTagBatch(SrtpTier tier)
    {
        _lanes = Sha1Lanes.CountOf(tier);
        if (_lanes == 0) return;
        _jobs = (HmacJob*)NativeMemory.AlignedAlloc((nuint)(Capacity * sizeof(HmacJob)), 64);
        NativeMemory.Clear(_jobs, (nuint)(Capacity * sizeof(HmacJob)));
        _room = (byte*)NativeMemory.AlignedAlloc(Sha1Lanes.RoomLength, 64);
        NativeMemory.Clear(_room, Sha1Lanes.RoomLength);
    }

    /// <summary>For the owner that forgot: what is pending is dropped, never written.</summary>
    ~SrtpTagBatch() => Release();

    /// <summary>Packets that wait for their tag.</summary>
    public int Count { get; private set; }

    /// <summary>Writes the tags of all packets that wait. Until then their memory must stay where it is and unchanged.</summary>
    /// <exception cref="ObjectDisposedException">The batch is disposed and something was to be done.</exception>
    public void Complete()
    {
        if (Count == 0) return;
        var count = Count;
        Count = 0;
        if (count < Sha1Lanes.FewestJobs) ComputeOneByOne(count);
        else if (_lanes == 16 && count > 8) HmacSha1Lanes<Sha1Lanes16>.Run(_jobs, count, _room);
        else HmacSha1Lanes<Sha1Lanes8>.Run(_jobs, count, _room);
        Array.Clear(_keys, 0, count);
    }

    /// <summary>Drops what is pending: those packets never get a tag and must not be sent.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes a packet whose tag belongs behind it; false if this machine gains nothing by waiting.</summary>
    /// <exception cref="ObjectDisposedException">The batch is disposed.</exception>
    internal bool TryAdd(HmacSha1 key, byte* message, int length, uint rollover)
    {
        if (_lanes == 0) return false;
        ObjectDisposedException.ThrowIf(_jobs is null, this);
        _keys[Count] = key;
        _jobs[Count].Prepare(key.States, message, length, rollover);
        GC.KeepAlive(key);
        if (++Count == Capacity) Complete();
        return true;
    }

    /// <summary>A vector with one or two lanes in use takes longer than the platform does for them.</summary>
    private void ComputeOneByOne(int count)
    {
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        for (var i = 0; i < count; i++)
        {
            var job = _jobs + i;
            if (_keys[i]!.IsDisposed)
            {
                HmacSha1Lanes<Sha1Lanes8>.Run(job, 1, _room);
                continue;
            }

            var packet = new Span<byte>(job->Message, job->Length + AesCmHmacCipher.HmacTagLength);
            _keys[i]!.Compute(packet, job->Length, job->Rollover, digest);
            digest[..AesCmHmacCipher.HmacTagLength].CopyTo(packet[job->Length..]);
            *job = default;
        }
    }

    private void Release()
    {
        Count = 0;
        if (_jobs is null) return;
        NativeMemory.Clear(_jobs, (nuint)(Capacity * sizeof(HmacJob)));
        NativeMemory.Clear(_room, Sha1Lanes.RoomLength);
        NativeMemory.AlignedFree(_jobs);
        NativeMemory.AlignedFree(_room);
        _jobs = null;
        _room = null;
    }
}
