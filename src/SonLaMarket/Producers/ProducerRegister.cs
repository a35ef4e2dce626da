using Npgsql;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Producers;

/// <summary>Producers and their way to the public: draft, submitted, approved or returned, suspended.</summary>
public sealed class ProducerRegister(ProducerNotices notices, Audit audit, Queue queue, TimeProvider clock)
{
    private const string Columns = """
        p.id, p.slug, p.kind, p.name, p.tax_code, p.representative, p.phone, p.email, p.commune_code, p.address_line, p.postcode, p.digital_address,
        p.lat, p.lon, p.about, p.picture_ids, p.is_sample, p.status, p.status_reason, p.returned_parts, p.version, p.public_version, p.changed_at, p.brand
        """;

    /// <summary>The producer that this person works for now, or null when there is none.</summary>
    public Task<Producer?> OfMemberAsync(Sql sql, long personId, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Producer>($"select {Columns} from producers.producer p join producers.acting m on m.producer_id = p.id where m.person_id = @personId", new { personId }, ct);

    /// <summary>The same with its row locked until the transaction ends.</summary>
    public Task<Producer?> LockOfMemberAsync(Tx tx, long personId) =>
        tx.FirstOrDefaultAsync<Producer>($"select {Columns} from producers.producer p join producers.acting m on m.producer_id = p.id where m.person_id = @personId for update of p", new { personId });

    /// <summary>Creates the producer with the person as its owner. Null when the tax code is taken.</summary>
    public async Task<long?> CreateAsync(Tx tx, ProducerDraft draft, long ownerId, Actor actor)
    {
        if (await AddAsync(tx, draft, actor) is not var (id, _))
            return null;
        await tx.ExecuteAsync("insert into producers.member (producer_id, person_id, role, joined_at) values (@id, @ownerId, 'owner', @now)", new { id, ownerId, now = clock.GetUtcNow() });
        return id;
    }

    /// <summary>Creates a draft that nobody works for yet; its owner is invited (<see cref="Members.InviteOwnerAsync"/>) and puts it before the Department. Its slug, or null when the tax code is taken.</summary>
    public async Task<string?> RegisterAsync(Tx tx, ProducerDraft draft, Actor actor) => (await AddAsync(tx, draft, actor))?.Slug;

    /// <summary>A draft that was registered goes; false when somebody works for it, or it was changed since.</summary>
    public async Task<bool> UnregisterAsync(Tx tx, string slug, DateTimeOffset madeAt, Actor actor)
    {
        const string untouched = """
            select p.id from producers.producer p where p.slug = @slug and p.status = 'draft' and p.version = 0 and p.changed_at <= @madeAt
              and not exists (select 1 from producers.member m where m.producer_id = p.id) and not exists (select 1 from producers.helper h where h.producer_id = p.id)
              and not exists (select 1 from producers.product r where r.producer_id = p.id and r.taken_back_at is null) for update
            """;
        if (await tx.FirstOrDefaultAsync<long?>(untouched, new { slug, madeAt }) is not { } id)
            return false;
        await tx.ExecuteAsync("delete from producers.invitation where producer_id = @id; delete from producers.product where producer_id = @id; delete from producers.growing_area where producer_id = @id and own_place; delete from producers.producer where id = @id", new { id });
        await audit.WriteAsync(tx, actor, "producer.unregister", $"producer:{slug}");
        return true;
    }

    private async Task<(long Id, string Slug)?> AddAsync(Tx tx, ProducerDraft draft, Actor actor)
    {
        const string insert = """
            insert into producers.producer (slug, kind, name, tax_code, representative, phone, email, commune_code, address_line, postcode, digital_address,
              lat, lon, about, picture_ids, is_sample, brand, status, created_at, changed_at)
            values (@slug, @Kind, @Name, @TaxCode, @Representative, @Phone, @Email, @CommuneCode, @AddressLine, @Postcode, @DigitalAddress,
              @Lat, @Lon, @About, @PictureIds, @IsSample, @Brand, 'draft', @now, @now)
            on conflict do nothing returning id
            """;
        const string own = "insert into producers.growing_area (id, producer_id, name, commune_code, created_at, own_place) values (@place, @id, @OwnPlaceName, @CommuneCode, @now, true)";
        var slug = await FreeSlugAsync(tx, draft.Name);
        if (await tx.FirstOrDefaultAsync<long?>(insert, Args(draft, slug, null)) is not { } id)
            return null;
        await tx.ExecuteAsync(own, new { place = Guid.CreateVersion7(clock.GetUtcNow()), id, GrowingAreas.OwnPlaceName, draft.CommuneCode, now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, actor, "producer.create", $"producer:{slug}");
        return (id, slug);
    }

    /// <summary>Changes the working copy of a member's producer. False when it is not theirs, or the tax code is taken.</summary>
    public async Task<bool> UpdateAsync(Tx tx, long id, long memberId, ProducerDraft draft, Actor actor)
    {
        const string update = """
            update producers.producer p set kind = @Kind, name = @Name, tax_code = @TaxCode, representative = @Representative, phone = @Phone, email = @Email,
              commune_code = @CommuneCode, address_line = @AddressLine, postcode = @Postcode, digital_address = @DigitalAddress, lat = @Lat, lon = @Lon,
              about = @About, picture_ids = @PictureIds, brand = @Brand, changed_at = @now, status = case when status = 'approved' then 'draft' else status end
            where id = @id and status <> 'suspended'
              and exists (select 1 from producers.acting m where m.producer_id = p.id and m.person_id = @memberId)
              and not exists (select 1 from producers.producer o where o.tax_code = @TaxCode and o.id <> @id)
            returning slug
            """;
        var slug = await tx.FirstOrDefaultAsync<string>(update, Args(draft, null, (id, memberId)));
        if (slug is null)
            return false;
        // Their own place is where they are; lots keep what was copied to them.
        tx.Add("update producers.growing_area set commune_code = @CommuneCode where producer_id = @id and own_place and commune_code <> @CommuneCode", new { id, draft.CommuneCode });
        await audit.WriteAsync(tx, actor, "producer.edit", $"producer:{slug}");
        return true;
    }

    /// <summary>Puts the working copy before the Department as a new version. False when it is not theirs, already there, or has no tax code where one is needed.</summary>
    public async Task<bool> SubmitAsync(Tx tx, long id, long memberId, Actor actor)
    {
        const string submit = """
            update producers.producer p set status = 'submitted', status_reason = '', returned_parts = default, version = version + 1, changed_at = @now
            where id = @id and status in ('draft', 'returned') and (kind in ('household', 'household_group') or tax_code is not null) and exists (select 1 from producers.acting m where m.producer_id = p.id and m.person_id = @memberId)
            returning slug
            """;
        const string snapshot = """
            insert into producers.producer_version (producer_id, version, kind, name, tax_code, representative, phone, email, commune_code, address_line, about, picture_ids, brand, submitted_at, submitted_by, state)
            select id, version, kind, name, tax_code, representative, phone, email, commune_code, address_line, about, picture_ids, brand, @now, @memberId, 'submitted'
            from producers.producer where id = @id
            """;
        var now = clock.GetUtcNow();
        var slug = await tx.FirstOrDefaultAsync<string>(submit, new { id, memberId, now });
        if (slug is null)
            return false;
        await tx.ExecuteAsync("update producers.producer_version set state = 'withdrawn' where producer_id = @id and state = 'submitted'", new { id });
        await tx.ExecuteAsync(snapshot, new { id, memberId, now });
        await audit.WriteAsync(tx, actor, "producer.submit", $"producer:{slug}");
        return true;
    }

    /// <summary>Makes exactly this version public. False when it is no longer the one waiting.</summary>
    public async Task<bool> ApproveAsync(Tx tx, string slug, int version, Actor officer)
    {
        var id = await DecideAsync(tx, slug, version, "approved", null, officer);
        if (id is null)
            return false;
        await tx.ExecuteAsync("update producers.producer set status = case when status = 'submitted' and version = @version then 'approved' else status end, public_version = @version, approved_version = @version, approved_at = @now, status_reason = '', returned_parts = default where id = @id", new { id, version, now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, officer, "producer.approve", $"producer:{slug}", detail: new { version });
        await TellAsync(tx, id.Value, version, ProducerNotice.Approved, "/co-so/" + slug);
        await PublicChangedAsync(tx, id.Value, slug);
        return true;
    }

    /// <summary>Sends the version back with a reason and the parts to change (<see cref="ProducerPart"/>); what was public before stays public.</summary>
    public async Task<bool> ReturnAsync(Tx tx, string slug, int version, string reason, string[] parts, Actor officer)
    {
        var id = await DecideAsync(tx, slug, version, "returned", reason, officer);
        if (id is null)
            return false;
        await tx.ExecuteAsync("update producers.producer set status = 'returned', status_reason = @reason, returned_parts = @parts where id = @id and status = 'submitted'", new { id, reason, parts });
        await audit.WriteAsync(tx, officer, "producer.return", $"producer:{slug}", reason, new { version });
        await TellAsync(tx, id.Value, version, ProducerNotice.Returned, "/quan-ly/co-so", reason);
        return true;
    }

    /// <summary>Takes the producer and all it sells from the public.</summary>
    public async Task<bool> SuspendAsync(Tx tx, string slug, string reason, Actor officer)
    {
        var id = await tx.FirstOrDefaultAsync<long?>("update producers.producer set status = 'suspended', status_reason = @reason, public_version = null, changed_at = @now where slug = @slug and status <> 'suspended' returning id", new { slug, reason, now = clock.GetUtcNow() });
        if (id is null)
            return false;
        await tx.ExecuteAsync("update producers.producer_version set state = 'withdrawn' where producer_id = @id and state = 'submitted'", new { id });
        await audit.WriteAsync(tx, officer, "producer.suspend", $"producer:{slug}", reason);
        await queue.AnnounceAsync(tx, new ProducerSuspended(id.Value, reason));
        await PublicChangedAsync(tx, id.Value, slug);
        return true;
    }

    private Task<long?> DecideAsync(Tx tx, string slug, int version, string state, string? reason, Actor officer) =>
        tx.FirstOrDefaultAsync<long?>("""
            update producers.producer_version v set state = @state, decided_at = @now, decided_by = @PersonId, reason = @reason
            from producers.producer p where p.id = v.producer_id and p.slug = @slug and v.version = @version and v.state = 'submitted' and p.status <> 'suspended'
            returning p.id
            """, new { slug, version, state, reason, officer.PersonId, now = clock.GetUtcNow() });

    private async Task TellAsync(Tx tx, long id, int version, Notice notice, string path, params object[] values)
    {
        var name = await tx.SingleAsync<string>("select name from producers.producer where id = @id", new { id });
        await notices.TellAsync(tx, id, notice, $"{id}:{version}", name, path, values);
    }

    private async Task PublicChangedAsync(Tx tx, long id, string slug)
    {
        await queue.AnnounceAsync(tx, new ProducerChanged(id, slug));
        await PageCache.EvictAsync(tx, PageCache.Producer(slug), PageCache.Browse);
    }

    private static async Task<string> FreeSlugAsync(Tx tx, string name)
    {
        var slug = Vietnamese.Slug(name);
        if (slug.Length == 0)
            slug = "co-so";
        return await tx.SingleAsync<bool>("select exists (select 1 from producers.producer where slug = @slug)", new { slug }) ? $"{slug}-{Codes.Random(4).ToLowerInvariant()}" : slug;
    }

    private object Args(ProducerDraft draft, string? slug, (long Id, long MemberId)? of) => new
    {
        slug,
        id = of?.Id,
        memberId = of?.MemberId,
        draft.Kind,
        draft.Name,
        draft.TaxCode,
        draft.Representative,
        draft.Phone,
        draft.Email,
        draft.CommuneCode,
        draft.AddressLine,
        draft.Postcode,
        draft.DigitalAddress,
        draft.Lat,
        draft.Lon,
        draft.About,
        draft.PictureIds,
        draft.IsSample,
        draft.Brand,
        now = clock.GetUtcNow(),
    };
}
