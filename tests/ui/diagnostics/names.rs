//! Names that there are not.

struct Page;

impl Page {
    // #[attribute]
    fn method(&self) -> Result<usize, String> {
        Ok(self.lenght())
    }

    // #[attribute]
    async fn method_async(&self) -> Result<usize, String> {
        Ok(self.lenght())
    }

    // #[attribute]
    fn field(&self) -> Result<usize, String> {
        Ok(self.size)
    }

    // #[attribute]
    async fn field_async(&self) -> Result<usize, String> {
        Ok(self.size)
    }
}

// #[attribute]
fn variable(number: u32) -> Result<u32, String> {
    Ok(nubmer)
}

// #[attribute]
async fn variable_async(number: u32) -> Result<u32, String> {
    Ok(nubmer)
}

fn main() {}
