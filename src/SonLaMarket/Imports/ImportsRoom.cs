using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Jobs;

namespace SonLaMarket.Imports;

public sealed class ImportsRoom : IRoom
{
    public IEnumerable<MenuItem> Menu => [new(Roles.Seller, "/quan-ly/nhap-du-lieu", "Nhập từ tệp", 12, MenuGroup.Goods), new(Roles.Operator, Importer.Operators, "Nhập cơ sở", 212)];

    public Type PersonalData => typeof(ImportsOfPerson);

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IImportKind, ListingsByFile>();
        services.AddSingleton<IImportKind, ListingChangesByFile>();
        services.AddSingleton<IImportKind, LotsByFile>();
        services.AddSingleton<IImportKind, ProductsByFile>();
        services.AddSingleton<IImportKind, ProducersByFile>();
        services.AddSingleton<IImportKind, ProductsOfProducersByFile>();
        services.AddSingleton<PictureTaking>();
        services.AddSingleton<ImportRegister>();
        services.AddFileUse("select picture_id from imports.picture");
        services.AddLongTask<CheckImport, ImportChecking>();
        services.AddLongTask<SaveImport, ImportSaving>();
        services.AddLongTask<UndoImport, ImportUndoing>();
        services.AddRecurring<ForgetImports>("imports.forget", "0 20 2 * * *");
    }
}
