using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Pendopo.Control.Schedule;

/// <summary>A meeting as an iCalendar object (RFC 5545) for one recipient, with a method of iTIP (RFC 5546).</summary>
internal static class InvitationCalendar
{
    public const string Request = "REQUEST";

    public const string Cancel = "CANCEL";

    private const string Product = "-//Pendopo//Pendopo//ID";

    public static string Write(Invitation invitation, string method)
    {
        var calendar = new Calendar { Method = method, ProductId = Product };
        calendar.AddChild(ZoneOf(invitation.Times.Zone));
        calendar.Events.Add(EventOf(invitation, method));
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static CalendarEvent EventOf(Invitation invitation, string method)
    {
        var times = invitation.Times;
        var zone = IndonesianZones.IdOf(times.Zone);
        var start = times.LocalStart;
        var words = new InvitationWords(invitation);
        var meeting = new CalendarEvent
        {
            Uid = invitation.Uid,
            Sequence = invitation.Version,
            DtStamp = new CalDateTime(invitation.WrittenAt.UtcDateTime),
            Start = new CalDateTime(start.DateTime, zone),
            End = new CalDateTime((start + times.Duration).DateTime, zone),
            Summary = words.Title,
            Description = words.Description,
            Location = invitation.Link.AbsoluteUri,
            Url = invitation.Link,
            Status = method == Cancel ? "CANCELLED" : "CONFIRMED",
            Organizer = new Organizer($"mailto:{invitation.Sender}") { CommonName = Quotable(invitation.OrganizerName) },
        };
        meeting.Attendees.Add(new Attendee($"mailto:{invitation.Recipient}")
        {
            // Answers would go to a mailbox that nobody reads.
            Rsvp = false,
            Role = "REQ-PARTICIPANT",
            ParticipationStatus = "NEEDS-ACTION",
        });
        meeting.RecurrenceRule = RuleOf(times);
        return meeting;
    }

    private static RecurrencePattern? RuleOf(MeetingTimes times) => times.Repetition switch
    {
        Repetition.Daily => new RecurrencePattern(FrequencyType.Daily) { Count = times.Count },
        Repetition.Weekdays => new RecurrencePattern(FrequencyType.Weekly)
        {
            Count = times.Count,
            ByDay = [new(DayOfWeek.Monday), new(DayOfWeek.Tuesday), new(DayOfWeek.Wednesday), new(DayOfWeek.Thursday), new(DayOfWeek.Friday)],
        },
        Repetition.Weekly => new RecurrencePattern(FrequencyType.Weekly) { Count = times.Count },
        Repetition.Monthly => new RecurrencePattern(FrequencyType.Monthly) { Count = times.Count, ByMonthDay = [times.LocalStart.Day] },
        _ => null,
    };

    /// <summary>The zone as it has been since 1988; a calendar that knows no IANA names reads the offset here.</summary>
    private static VTimeZone ZoneOf(IndonesianZone zone)
    {
        var offset = new UtcOffset(IndonesianZones.OffsetOf(zone));
        var standard = new VTimeZoneInfo("STANDARD")
        {
            Start = new CalDateTime(new DateTime(1988, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)),
            OffsetFrom = offset,
            OffsetTo = offset,
            TimeZoneName = IndonesianZones.NameOf(zone),
        };
        var component = new VTimeZone(IndonesianZones.IdOf(zone));
        component.AddChild(standard);
        return component;
    }

    /// <summary>Parameter values cannot hold quotation marks (RFC 5545 §3.2).</summary>
    private static string Quotable(string name) => name.Replace('"', '\'');
}
