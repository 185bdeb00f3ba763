using Pendopo.Control.Schedule;
using Xunit;

namespace Pendopo.Control.Tests.Schedule;

public sealed class ScheduleValueTests
{
    [Theory]
    [InlineData("retno.wulandari+rapat@setneg.example", "retno.wulandari+rapat@setneg.example")]
    [InlineData(" Retno@SETNEG.Example ", "Retno@setneg.example")]
    [InlineData("o'hara@a-b.c1.example", "o'hara@a-b.c1.example")]
    public void An_address_is_read_and_its_domain_written_in_lower_case(string text, string expected)
    {
        Assert.True(MailAddress.TryParse(text, out var address));
        Assert.Equal(expected, address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("retno")]
    [InlineData("@setneg.example")]
    [InlineData("retno@localhost")]
    [InlineData("retno@10.0.0.1")]
    [InlineData("retno@[10.0.0.1]")]
    [InlineData("retno@setneg..example")]
    [InlineData("retno@-setneg.example")]
    [InlineData(".retno@setneg.example")]
    [InlineData("retno..w@setneg.example")]
    [InlineData("\"retno\"@setneg.example")]
    [InlineData("retno@setneg.example, budi@setneg.example")]
    [InlineData("Retno <retno@setneg.example>")]
    [InlineData("retno@setneg.example\r\nBcc: budi@setneg.example")]
    [InlineData("retno\n@setneg.example")]
    [InlineData("retn\u00f6@setneg.example")]
    public void What_is_not_one_plain_address_is_none(string? text) => Assert.False(MailAddress.TryParse(text, out _));

    [Fact]
    public void An_address_has_bounds()
    {
        Assert.True(MailAddress.TryParse(new string('a', 64) + "@setneg.example", out _));
        Assert.False(MailAddress.TryParse(new string('a', 65) + "@setneg.example", out _));
        Assert.False(MailAddress.TryParse("a@" + string.Concat(Enumerable.Repeat("abcdefgh.", 28)) + "example", out _));
    }

    [Fact]
    public void A_month_without_the_day_is_left_out_and_not_counted()
    {
        var start = new DateTimeOffset(2027, 1, 31, 9, 0, 0, TimeSpan.FromHours(9));
        var times = new MeetingTimes(start.ToUnixTimeMilliseconds(), 60, IndonesianZone.Wit, Repetition.Monthly, 4);
        Assert.Equal(["01-31", "03-31", "05-31", "07-31"], times.Occurrences().Select(occurrence => $"{occurrence:MM-dd}"));
        Assert.Equal(new DateTimeOffset(2027, 7, 31, 10, 0, 0, TimeSpan.FromHours(9)), times.End);
    }

    [Fact]
    public void Working_days_are_those_of_the_zone_and_not_of_utc()
    {
        // Monday 06.00 WIT is Sunday 21.00 UTC.
        var start = new DateTimeOffset(2026, 8, 17, 6, 0, 0, TimeSpan.FromHours(9));
        var times = new MeetingTimes(start.ToUnixTimeMilliseconds(), 60, IndonesianZone.Wit, Repetition.Weekdays, 7);
        Assert.True(times.IsSound(start));
        Assert.Equal([17, 18, 19, 20, 21, 24, 25], times.Occurrences().Select(occurrence => occurrence.Day));
    }

    [Fact]
    public void The_next_occurrence_is_the_one_that_runs_until_it_is_over()
    {
        var start = new DateTimeOffset(2026, 8, 18, 14, 0, 0, TimeSpan.FromHours(7));
        var times = new MeetingTimes(start.ToUnixTimeMilliseconds(), 60, IndonesianZone.Wib, Repetition.Weekly, 2);
        Assert.Equal(start, times.NextAt(start + TimeSpan.FromMinutes(59)));
        Assert.Equal(start.AddDays(7), times.NextAt(start + TimeSpan.FromMinutes(60)));
        Assert.Null(times.NextAt(start.AddDays(7).AddHours(1)));
    }

    [Fact]
    public void Long_dates_are_written_as_offices_write_them()
    {
        var moment = new DateTimeOffset(2020, 4, 20, 14, 0, 0, TimeSpan.FromHours(7));
        Assert.Equal("Senin, 20 April 2020 pukul 14.00 WIB", InvitationWords.LongDateId(moment, IndonesianZone.Wib));
        Assert.Equal("Monday, 20 April 2020, 14:00 WIB", InvitationWords.LongDateEn(moment, IndonesianZone.Wib));
    }
}
