namespace Pendopo.Sfu.Forwarding;

/// <summary>Everybody who publishes in a room, in order of arrival. Owned by the worker.</summary>
internal sealed class PublisherList
{
    private readonly List<Publisher> _all = [];
    private readonly Dictionary<string, Publisher> _byId = [];

    /// <summary>Of a person who is moving from one worker to another, and so is here twice, the one that came first.</summary>
    public Publisher? Find(string id) => _byId.GetValueOrDefault(id);

    public void Add(Publisher publisher)
    {
        _all.Add(publisher);
        _byId.TryAdd(publisher.Id, publisher);
    }

    /// <summary>Puts another connection of the same person in the place of the former.</summary>
    public void Replace(Publisher former, Publisher publisher)
    {
        _all[_all.IndexOf(former)] = publisher;
        if (Find(publisher.Id) == former) _byId[publisher.Id] = publisher;
    }

    public void Remove(Publisher publisher)
    {
        if (!_all.Remove(publisher) || Find(publisher.Id) != publisher) return;
        _byId.Remove(publisher.Id);
        if (_all.Find(other => other.Id == publisher.Id) is { } other) _byId.Add(other.Id, other);
    }

    /// <summary>A struct, so that going through all costs no memory.</summary>
    public List<Publisher>.Enumerator GetEnumerator() => _all.GetEnumerator();
}
