using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Pendopo.Sfu.Network;

/// <summary>
/// An eventfd that many threads set and one thread waits for. Setting it again before it was seen costs no system call.
/// </summary>
internal sealed unsafe class WakeEvent : SafeHandle
{
    private int _isSet;

    public WakeEvent()
        : base(-1, ownsHandle: true)
    {
        var descriptor = LibC.CreateEvent(0, LibC.EventFdNonBlock | LibC.EventFdCloseOnExec);
        if (descriptor < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        SetHandle(descriptor);
    }

    public override bool IsInvalid => handle < 0;

    public int Descriptor => (int)handle;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) != 0) return;
        // A late waker must not write into a descriptor number that was closed and given to somebody else.
        var counted = false;
        try
        {
            DangerousAddRef(ref counted);
            ulong one = 1;
            _ = LibC.Write(Descriptor, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The endpoint is gone, and with it everybody who could be woken.
        }
        finally
        {
            if (counted) DangerousRelease();
        }
    }

    /// <summary>
    /// Called by the waiting thread before it looks at its queues. The flag falls after the descriptor was emptied: a waker that came
    /// in between has already put its work where this thread is about to look.
    /// </summary>
    public void Reset()
    {
        ulong value;
        _ = LibC.Read(Descriptor, &value, sizeof(ulong));
        Interlocked.Exchange(ref _isSet, 0);
    }

    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0;
}
