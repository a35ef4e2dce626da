namespace SonLaMarket.Origin.Labels;

/// <summary>
/// Which of the eight masks of ISO/IEC 18004 (7.8) a code is drawn with. A code of version 2 to 6 has one alignment pattern, near the corner without a finder pattern. A reader that does not find it
/// there, because of a stain, looks around it and takes what resembles it most: then all modules of that quarter are read beside where they are, more than any level corrects. Any mask is read
/// by any reader; the one is taken that leaves the fewest such look-alikes beside a stain on the corner, the writer's own choice where none is better.
/// </summary>
public static class CodeMask
{
    /// <summary>Of the code's area: what a label has to bear.</summary>
    private const float Stain = 0.1f;

    /// <summary>Steps to a module, and modules around, in which readers look.</summary>
    private const int Steps = 4, Around = 4;

    /// <summary>Of the 25 modules of the pattern: one more than readers let pass, for blurred edges.</summary>
    private const int MostDifferent = 7;

    private const int FormatMask = 0x5412;

    /// <summary>Where the 15 bits of the format stand beside the first finder pattern, the lowest first.</summary>
    private static readonly (int X, int Y)[] Format = [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8), (5, 8), (4, 8), (3, 8), (2, 8), (1, 8), (0, 8)];

    /// <param name="modules">Of a code of version 2 to 6, without the quiet zone.</param>
    public static bool[][] Best(bool[][] modules) =>
        LookAlikes(modules) == 0 ? modules : Enumerable.Range(0, 8).Select(mask => With(modules, mask)).Prepend(modules).MinBy(LookAlikes)!;

    /// <summary>The same code with another mask.</summary>
    public static bool[][] With(bool[][] modules, int mask)
    {
        var (size, format) = (modules.Length, FormatOf(modules));
        var changed = modules.Select(row => row.ToArray()).ToArray();
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                if (IsData(size, x, y))
                    changed[y][x] ^= Masks(format & 7, x, y) != Masks(mask, x, y);
            }
        }
        var bits = Coded((format & ~7) | mask);
        for (var bit = 0; bit < Format.Length; bit++)
        {
            var dark = ((bits >> bit) & 1) == 1;
            changed[Format[bit].Y][Format[bit].X] = dark;
            // The second time beside the other two finder patterns.
            var (x, y) = bit < 8 ? (size - 1 - bit, 8) : (8, size - 15 + bit);
            changed[y][x] = dark;
        }
        return changed;
    }

    /// <summary>Level of error correction (two bits) and mask (three).</summary>
    private static int FormatOf(bool[][] modules) => (Format.Select((at, bit) => modules[at.Y][at.X] ? 1 << bit : 0).Sum() ^ FormatMask) >> 10;

    /// <summary>With its ten bits of error correction (BCH), masked.</summary>
    private static int Coded(int format)
    {
        var rest = format << 10;
        for (var bit = 14; bit >= 10; bit--)
        {
            if (((rest >> bit) & 1) == 1)
                rest ^= 0x537 << (bit - 10);
        }
        return ((format << 10) | rest) ^ FormatMask;
    }

    private static bool Masks(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => ((y / 2) + (x / 3)) % 2 == 0,
        5 => (x * y % 2) + (x * y % 3) == 0,
        6 => ((x * y % 2) + (x * y % 3)) % 2 == 0,
        _ => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
    };

    /// <summary>Neither finder pattern with its format, nor timing, nor alignment pattern.</summary>
    private static bool IsData(int size, int x, int y) =>
        x != 6 && y != 6 && !(x < 9 && (y < 9 || y >= size - 8)) && !(x >= size - 8 && y < 9) && !(Math.Abs(x - (size - 7)) <= 2 && Math.Abs(y - (size - 7)) <= 2);

    /// <summary>How many places around the alignment pattern look like one, once the corner is black.</summary>
    private static int LookAlikes(bool[][] modules)
    {
        var (size, middle, count) = (modules.Length, modules.Length - 6.5f, 0);
        var clean = size * (1 - MathF.Sqrt(Stain));
        for (var down = 1 - Steps * Around; down < Steps * Around; down++)
        {
            for (var right = 1 - Steps * Around; right < Steps * Around; right++)
            {
                if ((right != 0 || down != 0) && Resembles(middle + right / (float)Steps, middle + down / (float)Steps))
                    count++;
            }
        }
        return count;

        bool Resembles(float x, float y)
        {
            var different = 0;
            for (var v = -2; v <= 2; v++)
            {
                for (var u = -2; u <= 2; u++)
                {
                    if (Dark(x + u, y + v) == (Math.Max(Math.Abs(u), Math.Abs(v)) == 1) && ++different > MostDifferent)
                        return false;
                }
            }
            return true;
        }

        bool Dark(float x, float y) => x < size && y < size && ((x >= clean && y >= clean) || modules[(int)y][(int)x]);
    }
}
