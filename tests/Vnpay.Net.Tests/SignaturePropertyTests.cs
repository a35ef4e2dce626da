using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CsCheck;

namespace Vnpay.Tests;

public sealed partial class SignaturePropertyTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";

    private static readonly Gen<string> Name =
        Gen.Char["ABCXYZabcxyz_0189"].Array[1, 12].Select(characters => "vnp_" + new string(characters));

    // No lone surrogates: they have no UTF-8.
    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.Char[' ', '~'].Array[0, 20].Select(characters => new string(characters)),
        Gen.OneOfConst("mận hậu", "Đào", "🍑", "a+b%20=c&d", "1|2", "\n"));

    private static readonly Gen<Dictionary<string, string?>> Fields =
        Gen.Select(Name, Value).Array[1, 12].Select(pairs => pairs.DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => (string?)p.Item2));

    [Fact]
    public void Canonical_string_is_sorted_by_bytes_without_empties_and_decodes_to_what_went_in() =>
        Fields.Sample(fields =>
        {
            var pairs = VnpaySignature.Canonicalize(fields).Split('&', StringSplitOptions.RemoveEmptyEntries);
            var names = pairs.Select(pair => pair.Split('=')[0]).ToArray();
            var decoded = pairs.ToDictionary(pair => WebUtility.UrlDecode(pair.Split('=')[0]), pair => WebUtility.UrlDecode(pair.Split('=')[1]));
            return names.SequenceEqual(names.Order(StringComparer.Ordinal))
                && pairs.All(pair => pair.Split('=').Length == 2 && Encoded().IsMatch(pair))
                && decoded.Count == fields.Values.Count(value => value!.Length > 0)
                && decoded.All(pair => fields[pair.Key] == pair.Value);
        });

    [Fact]
    public void Order_of_the_input_does_not_matter() =>
        Gen.Select(Fields, Gen.Int).Sample((fields, seed) =>
            VnpaySignature.Canonicalize(fields.OrderBy(_ => new Random(seed).Next()).Reverse()) == VnpaySignature.Canonicalize(fields));

    [Fact]
    public void What_was_signed_verifies_and_no_other_secret_does() =>
        Gen.Select(Fields, Gen.Char['A', 'Z'].Array[1, 32].Select(characters => new string(characters))).Sample((fields, secret) =>
        {
            var canonical = VnpaySignature.Canonicalize(fields);
            var hash = VnpaySignature.Compute(canonical, secret);
            return hash.Length == 128 && VnpaySignature.Verify(canonical, hash, secret) && !VnpaySignature.Verify(canonical, hash, secret + "X");
        });

    [Fact]
    public void Hash_with_any_character_changed_cut_or_added_is_refused() =>
        Gen.Select(Gen.Int[0, 127], Gen.Char[' ', 'ÿ']).Sample((place, put) =>
        {
            var hash = VnpaySignature.Compute("vnp_Amount=1", Secret);
            var changed = hash[..place] + put + hash[(place + 1)..];
            return VnpaySignature.Verify("vnp_Amount=1", changed, Secret) == changed.Equals(hash, StringComparison.OrdinalIgnoreCase)
                && !VnpaySignature.Verify("vnp_Amount=1", hash[..place], Secret)
                && !VnpaySignature.Verify("vnp_Amount=1", hash + put, Secret);
        });

    /// <summary>Some single changes mean the same query (another way to escape the same value); then the event must be the same too.</summary>
    [Fact]
    public void Notification_with_any_single_character_changed_is_refused_or_means_the_same() =>
        (from reference in Gen.Char["ABCXYZ019"].Array[1, 20]
         from info in Value
         from amount in Gen.Long[5_000, 999_999_999]
         from place in Gen.Int[0, 10_000]
         from put in Gen.Char[' ', 'ÿ']
         select (reference: new string(reference), info, amount, place, put))
        .Sample((reference, info, amount, place, put) =>
        {
            var signed = EventTests.Sign(
                ("vnp_Amount", (amount * 100).ToString(CultureInfo.InvariantCulture)), ("vnp_OrderInfo", info), ("vnp_ResponseCode", "00"),
                ("vnp_TmnCode", "SLMARKT1"), ("vnp_TransactionNo", "14226112"), ("vnp_TransactionStatus", "00"), ("vnp_TxnRef", reference));
            var original = VnpayEventUtility.ConstructEvent(signed, Secret);
            var at = place % signed.Length;
            var changed = signed[..at] + put + signed[(at + 1)..];
            return original.Amount == amount
                && (!VnpayEventUtility.TryConstructEvent(changed, Secret, out var read)
                    || read.Raw.Order(ByName).SequenceEqual(original.Raw.Order(ByName)));
        }, iter: 20_000);

    private static readonly Comparer<KeyValuePair<string, string>> ByName =
        Comparer<KeyValuePair<string, string>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    [GeneratedRegex("^([A-Za-z0-9!()*._+=-]|%[0-9A-F]{2})*$")]
    private static partial Regex Encoded();
}
