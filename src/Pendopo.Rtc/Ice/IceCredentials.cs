namespace Pendopo.Rtc.Ice;

/// <summary>A user-name fragment and password (RFC 8445 §5.3; 8839 §5.4: at least 4 and 22 characters).</summary>
public sealed record IceCredentials(string UsernameFragment, string Password);
