using Microsoft.EntityFrameworkCore;

namespace Pendopo.Control.Storage;

internal static class Races
{
    /// <summary>
    /// Runs a use case, and once more where another request changed the same rows first (two windows of one person): the second time it finds what the other one did.
    /// The use case must be a transaction of its own, which the failure has rolled back.
    /// </summary>
    /// <exception cref="DbUpdateException">It failed the second time too: then it is no race.</exception>
    public static async Task<T> OnceMoreAfterRaceAsync<T>(this ControlDbContext context, Func<Task<T>> use)
    {
        try
        {
            return await use();
        }
        catch (DbUpdateException)
        {
            // What failed to be saved would be tried again with everything that follows.
            context.ChangeTracker.Clear();
            return await use();
        }
    }
}
