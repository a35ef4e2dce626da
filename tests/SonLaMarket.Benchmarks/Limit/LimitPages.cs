using Npgsql;

namespace SonLaMarket.Benchmarks.Limit;

/// <summary>The same questions as the product's pages, asked as sparingly as the rows allow.</summary>
internal static class LimitPages
{
    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    /// <summary>Routing and nothing else.</summary>
    public static async Task PlainAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Hello.Length;
        await context.Response.BodyWriter.WriteAsync(Hello);
    }

    public static async Task TraceAsync(HttpContext context, NpgsqlDataSource source)
    {
        var code = (string)context.Request.RouteValues["code"]!;
        await using var batch = source.CreateBatch();
        Add(batch, """
            select l.code, p.title, l.harvested_on::text, l.quantity_base, v.name, r.slug, c.full_name, o.listing_slug, o.price_vnd
            from origin.lot l join producers.producer r on r.id = l.producer_id join producers.producer_version v on v.producer_id = r.id and v.version = r.public_version
              join foundation.commune c on c.code = l.commune_code left join origin.approved_product p on p.product_id = l.product_id left join origin.lot_offer o on o.lot_id = l.id
            where l.code = $1
            """, code);
        Add(batch, """
            select d.kind, d.done_on::text, coalesce(d.input_name, ''), d.note, e.recorded_at::text
            from origin.lot l join origin.diary_entry d on d.lot_id = l.id join origin.event e on e.id = d.event_id where l.code = $1 order by d.done_on desc limit 12
            """, code);
        Add(batch, """
            select k.name, c.number, c.issuer, c.valid_until::text
            from origin.lot l join origin.approved_product p on p.product_id = l.product_id join producers.certificate c on c.id = any(p.certificate_ids) join producers.certificate_kind k on k.code = c.kind_code
            where l.code = $1 and c.status = 'verified'
            """, code);
        Add(batch, "select b.cause, b.note from origin.lot l join origin.lot_block b on b.lot_id = l.id where l.code = $1", code);
        await WriteAsync(context, batch);
    }

    public static async Task ProductAsync(HttpContext context, NpgsqlDataSource source)
    {
        var slug = (string)context.Request.RouteValues["slug"]!;
        await using var batch = source.CreateBatch();
        Add(batch, """
            select v.title, v.description, v.storage, l.price_vnd, v.sale_unit, w.name, r.slug, c.full_name, s.stock_units
            from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join catalog.search_entry s on s.listing_id = l.id
              join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
            where l.slug = $1
            """, slug);
        Add(batch, """
            select o.code, o.harvested_on::text, c.full_name, t.available
            from catalog.listing l join catalog.lot_stock t on t.product_id = l.product_id join origin.lot o on o.id = t.lot_id join foundation.commune c on c.code = o.commune_code
            where l.slug = $1 and t.available > 0 limit 12
            """, slug);
        Add(batch, """
            select k.name, x.number, x.issuer, x.valid_until::text
            from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join producers.certificate x on x.id = any(v.certificate_ids)
              join producers.certificate_kind k on k.code = x.kind_code where l.slug = $1 and x.status = 'verified'
            """, slug);
        Add(batch, """
            select l.slug, v.title, l.price_vnd, v.sale_unit, w.name
            from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
              join catalog.search_entry s on s.listing_id = l.id and s.sellable and s.stock_units > 0
              join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            where l.public_version is not null
              and v.category_slug = (select x.category_slug from catalog.listing m join catalog.listing_version x on x.listing_id = m.id and x.version = m.public_version where m.slug = $1)
            order by l.published_at desc, l.id desc limit 6
            """, slug);
        await WriteAsync(context, batch);
    }

    public static async Task ListAsync(HttpContext context, NpgsqlDataSource source)
    {
        var query = context.Request.Query;
        await using var batch = source.CreateBatch();
        const string columns = """
            select l.slug, v.title, l.price_vnd, v.sale_unit, w.name, c.full_name, s.stock_units
            from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
              join catalog.search_entry s on s.listing_id = l.id and s.sellable join producers.producer r on r.id = l.producer_id
              join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
            where l.public_version is not null and v.category_slug = $1
            """;
        if (query.TryGetValue("sau", out var after))
        {
            var key = after.ToString().Split('~');
            Add(batch, columns + " and (l.published_at, l.id) < (to_timestamp($2), $3) order by l.published_at desc, l.id desc limit 25",
                query["nhom"].ToString(), double.Parse(key[0], System.Globalization.CultureInfo.InvariantCulture), long.Parse(key[1], System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            Add(batch, columns + " order by l.published_at desc, l.id desc limit 25", query["nhom"].ToString());
        }
        await WriteAsync(context, batch);
    }

    public static async Task SearchAsync(HttpContext context, NpgsqlDataSource source)
    {
        await using var batch = source.CreateBatch();
        Add(batch, """
            select l.slug, v.title, l.price_vnd, v.sale_unit, w.name
            from (select listing_id, ts_rank(tsv, q) as rank from catalog.search_entry, plainto_tsquery('simple', foundation.fold($1)) q where tsv @@ q and sellable order by rank desc, listing_id desc limit 24) f
              join catalog.listing l on l.id = f.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
              join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            order by f.rank desc, l.id desc
            """, context.Request.Query["q"].ToString());
        await WriteAsync(context, batch);
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                string s => new NpgsqlParameter<string> { TypedValue = s },
                long l => new NpgsqlParameter<long> { TypedValue = l },
                double d => new NpgsqlParameter<double> { TypedValue = d },
                _ => throw new ArgumentOutOfRangeException(nameof(values), value, "no parameter of this type"),
            });
        }
        batch.BatchCommands.Add(command);
    }

    private static async Task WriteAsync(HttpContext context, NpgsqlBatch batch)
    {
        await using var rows = await batch.ExecuteReaderAsync(context.RequestAborted);
        var page = new Utf8Page(context);
        do
        {
            page.Raw("<ul>\n"u8);
            while (await rows.ReadAsync(context.RequestAborted))
            {
                page.Raw("<li>"u8);
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    page.Raw("<span>"u8);
                    if (await rows.IsDBNullAsync(i, context.RequestAborted))
                        page.Raw("–"u8);
                    else if (rows.GetFieldType(i) == typeof(string))
                        page.Text(rows.GetString(i));
                    else
                        page.Number(rows.GetInt64(i));
                    page.Raw("</span>"u8);
                }
                page.Raw("</li>\n"u8);
            }
            page.Raw("</ul>\n"u8);
        }
        while (await rows.NextResultAsync(context.RequestAborted));
        await page.EndAsync();
    }
}
