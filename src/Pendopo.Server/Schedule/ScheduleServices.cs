using Pendopo.Control.Schedule;
using Pendopo.Server.Mail;
using Pendopo.Server.Options;

namespace Pendopo.Server.Schedule;

internal static class ScheduleServices
{
    public static void AddSchedule(this IServiceCollection services, PendopoOptions options)
    {
        services.AddScoped<PlanMeeting>().AddScoped<ChangeMeeting>().AddScoped<ListMeetings>().AddScoped<FindPeople>();
        services.AddSingleton<MailSettings>().AddSingleton(MailSettings.CreateTransport(options));
        services.AddSingleton<MailCourier>().AddHostedService(provider => provider.GetRequiredService<MailCourier>());
        services.AddSingleton<FoundersRight>();
    }
}
