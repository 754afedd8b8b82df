#[structured_op(context(site = self.site))]
fn fetch<'life0, 'async_trait>(
    &'life0 self,
    page: Page,
) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'async_trait>>
where
    'life0: 'async_trait,
{
    Box::pin(async move {
        let __self = self;
        let page = page;
        let __ret: Result<(), Error> = { __self.save(page).await };
        __ret
    })
}
