namespace SonLaMarket.Foundation.Text;

/// <summary>A text of a screen, Vietnamese, with its values: shown in the language of the reader.</summary>
public sealed record Said(string Text, params string[] Args);

/// <summary>A note as its row keeps it. Shown by <c>&lt;told&gt;</c>.</summary>
/// <param name="Args">The values of a sentence of ours, a <see cref="Said"/>; null where somebody wrote the note themselves.</param>
public sealed record Told(string Note, string[]? Args);
