//! The page's key for the bridge, kept in the browser (`IndexedDB`) beyond a reload. It
//! opens nothing but the bridge, and can be used here but not read out.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::key::Identity;

const DATABASE: &str = "shikaku-reader";
const STORE: &str = "pairing";
const KEY: &str = "bridge";

/// What was kept, if anything was.
pub(super) async fn kept() -> Option<Identity> {
    read().await.ok()
}

/// Keeps it. Where the browser keeps nothing the page is paired anew after a reload.
pub(super) async fn keep(identity: &Identity) {
    let _ = write(identity).await;
}

async fn read() -> Result<Identity, JsValue> {
    let store = store(IdbTransactionMode::Readonly).await?;
    let kept = answer(&store.get(&KEY.into())?).await?;
    let member = |name: &str| Reflect::get(&kept, &name.into());
    Ok(Identity {
        private: member("private")?.dyn_into()?,
        public: member("public")?.as_string().ok_or(JsValue::NULL)?,
        bridge_key: member("bridge_key")?.as_string(),
    })
}

async fn write(identity: &Identity) -> Result<(), JsValue> {
    let kept = Object::new();
    let bridge_key = identity.bridge_key.as_deref().map(JsValue::from_str);
    let members = [
        ("private", identity.private.clone().into()),
        ("public", identity.public.as_str().into()),
        ("bridge_key", bridge_key.unwrap_or(JsValue::NULL)),
    ];
    for (name, value) in members {
        Reflect::set(&kept, &name.into(), &value)?;
    }
    let store = store(IdbTransactionMode::Readwrite).await?;
    answer(&store.put_with_key(&kept, &KEY.into())?)
        .await
        .map(drop)
}

async fn store(mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let factory = window().indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let opening = request.clone();
    let create = Closure::once(move || create(&opening));
    request.set_onupgradeneeded(Some(create.as_ref().unchecked_ref()));
    let database: IdbDatabase = answer(&request).await?.dyn_into()?;
    database
        .transaction_with_str_and_mode(STORE, mode)?
        .object_store(STORE)
}

fn create(request: &IdbOpenDbRequest) {
    let database = request.result().ok();
    if let Some(database) = database.and_then(|database| database.dyn_into::<IdbDatabase>().ok()) {
        // It fails only where the store is there.
        let _ = database.create_object_store(STORE);
    }
}

/// What comes of a request.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    request.result()
}
