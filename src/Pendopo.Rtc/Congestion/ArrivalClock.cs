namespace Pendopo.Rtc.Congestion;

/// <summary>Continues a receiver's clock over the wraps of the 24-bit reference time in transport feedback.</summary>
internal struct ArrivalClock
{
    private long? _last;
    private long _arrival;

    /// <summary>A moment on the continued clock, in ticks; its zero is the first one.</summary>
    public long Unwrap(long arrivalTicks)
    {
        if (_last is { } last)
        {
            var step = arrivalTicks - last;
            if (step > TransportFeedbackFormat.WrapTicks / 2) step -= TransportFeedbackFormat.WrapTicks;
            if (step < -TransportFeedbackFormat.WrapTicks / 2) step += TransportFeedbackFormat.WrapTicks;
            _arrival += step;
        }

        _last = arrivalTicks;
        return _arrival;
    }
}
